job "web" {
  datacenters = ["dc1"]
  periodic {
    cron = "*/5 * * * *"
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
