job "web" {
  group "app" {
    task "main" {
      env {
        FO‸O = "x"
      }
    }
  }
}
