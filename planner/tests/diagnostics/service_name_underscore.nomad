job "web" {
  datacenters = ["dc1"]

  group "app" {
    service {
      name = "my_web"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
