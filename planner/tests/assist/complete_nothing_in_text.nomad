job "web" {
  group "app" {
    task "main" {
      config {
        image = "redis:‸"
      }
    }
  }
}
