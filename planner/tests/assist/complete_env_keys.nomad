job "web" {
  group "app" {
    task "main" {
      env {
        N‸
      }
    }
  }
}
