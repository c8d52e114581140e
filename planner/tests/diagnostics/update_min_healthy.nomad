job "web" {
  datacenters = ["dc1"]
  update {
    min_healthy_time = "10m"
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
