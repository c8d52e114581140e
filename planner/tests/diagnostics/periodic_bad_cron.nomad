job "web" {
  datacenters = ["dc1"]
  type = "batch"

  periodic {
    cron = "every 5 minutes"
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
