job "web" {
  datacenters = ["dc1"]
  type        = "batch"
  all_at_once = true

  periodic {
    cron = "0 2 * * *"
  }

  vault {
    role = "web"
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
