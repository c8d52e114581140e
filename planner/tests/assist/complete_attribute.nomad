job "web" {
  constraint {
    attribute = "‸"
  }
}
