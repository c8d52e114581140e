job "web" {
  group "app" {
    task "main" {
      scaling "‸" {
      }
    }
  }
}
