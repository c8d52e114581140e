job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port "http" {
        static = 70000
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
