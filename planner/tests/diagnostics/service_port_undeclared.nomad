job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port "http" {}
    }

    service {
      name = "web"
      port = "htpp"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
