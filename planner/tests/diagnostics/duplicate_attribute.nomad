job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    count = 2

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
