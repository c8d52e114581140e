job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port {
        static = 8080
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
