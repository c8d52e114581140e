job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    constraint {
      attribute = "${attr.kernel.name}"
      value     = "linux"
    }
    
    volume "d" {
      type   = "host"
      source = "data"
    }
    
    network {
      mode = "bridge"
      port "http" {
        static = 8080
      }
    }

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu    = 3900
        memory = 3900
      }
    }
  }
}
