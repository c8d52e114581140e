job "web" {
  datacenters = ["dc1"]

  group "app" {
    reschedule {
      attempts  = 3
      interval  = "1h"
      unlimited = true
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
