job "web" {
  datacenters = ["dc1"]

  group "app" {
    service {
      name = "web"
    }

    service {
      name = "web"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
