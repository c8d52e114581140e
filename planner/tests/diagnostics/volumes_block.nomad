job "web" {
  datacenters = ["dc1"]

  group "app" {
    volumes {
      data = "/srv/data"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
