job "web" {
  group "app" {
    task "main" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        ma‸
      }
    }
  }
}
