job "mysql" {
  datacenters = ["berlin"]
  group "db" {
    volume "mysql" {
      type   = "host"
      source = "mysql"
    }
    task "mysql" {
      driver = "docker"
      env {
        "MYSQL_ROOT_PASSWORD" = "rooooot"
      }
      volume_mount {
        volume = "‸"
      }
      resources {
        network {
          mbits = 10
          port "db" {}
        }
      }
    }
  }
}
