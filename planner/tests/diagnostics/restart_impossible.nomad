job "web" {
  datacenters = ["dc1"]

  group "app" {
    restart {
      attempts = 10
      interval = "30s"
      delay    = "15s"
      mode     = "fail"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
