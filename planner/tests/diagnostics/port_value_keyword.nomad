job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port "http" {
        value = 8080
      }
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
