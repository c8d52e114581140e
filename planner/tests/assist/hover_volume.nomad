job "web" {
  group "app" {
    volume "data" {
      type   = "host"
      source = "mysql"
    }
    task "main" {
      volume_mount {
        volume = "da‸ta"
      }
    }
  }
}
