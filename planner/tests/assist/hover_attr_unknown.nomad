job "web" {
  constraint {
    attribute = "${attr.no‸thing}"
  }
}
