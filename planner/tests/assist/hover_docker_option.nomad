job "web" {
  group "app" {
    task "main" {
      driver = "docker"
      config {
        image_pull_‸timeout = "10m"
      }
    }
  }
}
