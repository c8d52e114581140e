job "mysql-5.7" {
  datacenters = ["dc1"]
  group "mysql-group" {
    task "mysql-task" {
      driver = "docker"
      config {
        image = "mysql:5.7"
        port_map {
          db = 3306
        }
      }
      env {
        "MYSQL_ROOT_PASSWORD" = "rooooot"
      }
      resources {
        cpu    = 500
        memory = 5000
        network {
          mbits = 10
          port "db" {
            static = "8080"
          }
        }
      }
    }
  }
}
