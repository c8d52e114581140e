job "web" {
  datacenters = ["dc1"]
  update {
    health_check = "check"
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
