job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port "a" {}
    }

    network {
      port "b" {}
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
