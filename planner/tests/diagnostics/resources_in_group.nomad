job "web" {
  datacenters = ["dc1"]

  group "app" {
    resources {
      cpu = 100
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
