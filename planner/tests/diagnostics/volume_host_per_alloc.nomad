job "web" {
  datacenters = ["dc1"]

  group "app" {
    volume "data" {
      type      = "host"
      source    = "data"
      per_alloc = true
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
    }
  }
}
