job "web" {
  datacenters = ["dc1"]
  type = "daemon"

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
