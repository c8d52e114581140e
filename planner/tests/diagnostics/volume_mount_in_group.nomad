job "web" {
  datacenters = ["dc1"]

  group "app" {
    volume "data" {
      type   = "host"
      source = "data"
    }

    volume_mount {
      volume      = "data"
      destination = "/data"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
