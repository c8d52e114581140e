job "web" {
  datacenters = ["dc1"]

  group "app" {
    service {
      name     = "web"
      provider = "nomda"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
