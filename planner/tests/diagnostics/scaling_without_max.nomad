job "web" {
  datacenters = ["dc1"]

  group "app" {
    scaling {
      min = 1
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
