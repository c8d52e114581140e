variable "version" {
  type    = string
  default = "5.7.28"
}

job "mysql-5.7" {
  datacenters = ["dc1"]
  type        = "service"

  group "mysql-group" {
    count = 1

    network {
      port "db" {
        static = 3306
        to     = 3306
      }
    }

    task "mysql-task" {
      driver = "docker"

      config {
        image = "mysql:${var.version}"
        ports = ["db"]
      }

      env {
        MYSQL_ROOT_PASSWORD = "rooooot"
      }

      resources {
        cpu    = 500
        memory = 256
      }
    }
  }
}
