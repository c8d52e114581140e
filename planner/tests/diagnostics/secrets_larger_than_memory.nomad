job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }

      resources {
        memory     = 128
        memory_max = -1
        secrets    = 256
      }
    }

    task "other" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }

      resources {
        memory  = 128
        secrets = -1
      }
    }
  }
}
