job "web" {
  constraint {
    attribute = "${attr.‸"
  }
}
