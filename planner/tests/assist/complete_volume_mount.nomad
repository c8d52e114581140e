job "web" {
  group "app" {
    volume "data" {
      type   = "host"
      source = "mysql"
    }
    volume "certs" {
      type = "host"
    }
    task "main" {
      volume_mount {
        volume = "‸"
      }
    }
  }
  group "other" {
    volume "not-here" {}
  }
}
