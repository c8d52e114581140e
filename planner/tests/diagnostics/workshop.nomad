job "mysql-5.7" {
  datacenters = ["dc1"]
  type = "service"

  group "mysql-group" {
    count = 1
    task "mysql-task" {
      driver = "docker"
      config {
        image = "mysql:5.7.28"
        port_map {
          db = 3306
        }
      }
      env {
        "MYSQL_ROOT_PASSWORD" = "rooooot"
      }
      resources {
        cpu    = 500
        memory = 256
        network {
          mbits = 10
          port "db" {
            static = 3306
          }
        }
      }
    }
  }
}
