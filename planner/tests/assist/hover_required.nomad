job "web" {
  group "app" {
    task "main" {
      template {
        change_script {
          comm‸and = "x"
        }
      }
    }
  }
}
