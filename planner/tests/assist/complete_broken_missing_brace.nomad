job "web" {
  group "app" {
    task "main" {
      driver = "docker"
      ki‸
  }
}
