job "web" {
  datacenters = ["dc1"]
  service {
    name = "web"
  }

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
