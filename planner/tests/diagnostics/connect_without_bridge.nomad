job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port "http" {}
    }

    service {
      name = "web"
      port = "http"

      connect {
        sidecar_service {}
      }
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
