job "web" {
  datacenters = ["dc1"]

  group "app" {
    max_client_disconnect = "2d"

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
