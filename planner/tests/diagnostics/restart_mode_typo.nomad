job "web" {
  datacenters = ["dc1"]

  group "app" {
    restart {
      mode = "retry"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
