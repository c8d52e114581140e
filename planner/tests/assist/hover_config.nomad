job "web" {
  group "app" {
    task "main" {
      con‸fig {
      }
    }
  }
}
