job "web" {
  datacenters = ["dc1"]

  group "app" {
    check {
      type     = "tcp"
      interval = "10s"
      timeout  = "2s"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
