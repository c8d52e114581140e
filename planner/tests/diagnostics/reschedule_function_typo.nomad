job "web" {
  datacenters = ["dc1"]

  group "app" {
    reschedule {
      delay_function = "linear"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
