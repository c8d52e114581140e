job "web" {
  constraint {
    attribute = "${attr.ker‸}"
  }
}
