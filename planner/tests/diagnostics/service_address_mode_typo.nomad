job "web" {
  datacenters = ["dc1"]

  group "app" {
    service {
      name         = "web"
      address_mode = "container"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
