job "web" {
  group "app" {
    task "main" {
      resources {
        memory = 15‸00
      }
    }
  }
}
