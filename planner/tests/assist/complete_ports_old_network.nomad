job "web" {
  task "db" {
    resources {
      network {
        port "db" {}
      }
    }
    service {
      port = ‸
    }
  }
}
