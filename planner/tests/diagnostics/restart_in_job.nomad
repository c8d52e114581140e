job "web" {
  datacenters = ["dc1"]
  restart {
    attempts = 2
  }

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
