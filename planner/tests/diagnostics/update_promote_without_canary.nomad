job "web" {
  datacenters = ["dc1"]
  update {
    auto_promote = true
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
