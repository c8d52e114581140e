job "web" {
  group "app" {
    task "main" {
      driver = "‸"
    }
  }
}
