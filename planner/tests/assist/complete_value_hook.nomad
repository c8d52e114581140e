job "web" {
  group "app" {
    task "main" {
      lifecycle {
        hook = "‸"
      }
    }
  }
}
