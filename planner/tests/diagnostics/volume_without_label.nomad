job "web" {
  datacenters = ["dc1"]

  group "app" {
    volume {
      type   = "host"
      source = "data"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
