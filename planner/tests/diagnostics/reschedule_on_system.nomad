job "web" {
  datacenters = ["dc1"]
  type = "system"

  group "app" {
    reschedule {
      attempts = 1
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
