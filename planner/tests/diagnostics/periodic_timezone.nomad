job "web" {
  datacenters = ["dc1"]
  type = "batch"

  periodic {
    cron     = "0 2 * * *"
    timezone = "Europe/Berlin"
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
