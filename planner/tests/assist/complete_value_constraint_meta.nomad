job "web" {
  constraint {
    attribute = meta.rack
    value     = "‸"
  }
}
