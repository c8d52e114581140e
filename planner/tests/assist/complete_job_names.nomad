job "web" {
  type = "service"
  ‸
}
