job "web" {
  priority‸ = 70
}
