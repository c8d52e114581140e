job "web" {
  datacenters = ["dc1"]

  group "app" {
    service {
      name = "web"
      tags = "a,b"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
