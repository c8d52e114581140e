job "web" {
  group "app" {
    task "main" {
      resources = {
        mem‸
      }
    }
  }
}
