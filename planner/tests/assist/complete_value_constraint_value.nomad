job "web" {
  constraint {
    attribute = "${attr.cpu.arch}"
    value     = "‸"
  }
}
