job "web" {
  group "app" {
    task "main" {
      template {
        data = <<EOT
  typ‸
EOT
      }
    }
  }
}
