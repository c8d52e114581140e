job "web" {
  datacenters = ["dc1"]
  type = "batch"

  periodic {
    cron = "0 25 * * *"
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
