job "web" {
  datacenters = ["dc1"]
  type = "system"

  group "app" {
    count = 3

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
