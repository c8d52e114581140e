job "web" {
  datacenters = ["dc1"]
  update {
    healthy_deadline  = "10m"
    progress_deadline = "5m"
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
