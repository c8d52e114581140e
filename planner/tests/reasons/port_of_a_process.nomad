job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    constraint {
      attribute = "${node.unique.name}"
      value     = "big"
    }
    
    network {
      port "db" {
        static = 5432
      }
    }

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu = 100
        memory = 64
      }
    }
  }
}
