job "web" {
  group "app" {
    restart {
      mode = "‸"
    }
  }
}
