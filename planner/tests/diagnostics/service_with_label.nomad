job "web" {
  datacenters = ["dc1"]

  group "app" {
    service "web" {
      port = "http"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
