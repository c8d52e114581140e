job "web" {
  constraint {
    operator = "‸"
  }
}
