job "web" {
  group "app" {
    task "main" {
      template {
        data = <<-EOT
          dc = ${node.da‸}
        EOT
      }
    }
  }
}
