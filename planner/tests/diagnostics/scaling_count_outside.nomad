job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = 1

    scaling {
      min = 2
      max = 5
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
