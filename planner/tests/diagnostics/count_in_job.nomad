job "web" {
  datacenters = ["dc1"]
  count = 2

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
