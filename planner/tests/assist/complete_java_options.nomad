job "web" {
  group "app" {
    task "main" {
      driver = "java"
      config {
        j‸
      }
    }
  }
}
