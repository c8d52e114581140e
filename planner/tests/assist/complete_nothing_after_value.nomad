job "web" {
  type = "service" ‸
}
