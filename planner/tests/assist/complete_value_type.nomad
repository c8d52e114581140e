job "web" {
  type = "‸"
}
