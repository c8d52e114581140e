job "web" {
  update {
    health_check = "‸"
  }
}
