job "web" {
  datacenters = ["dc1"]
  type = "Service"

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
