job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
      vault {
        role = "web"
      }

      consul {
        cluster = "east"
      }

      schedule {
        cron {
          start = "0 8 * * * *"
          end   = "0 18 * * *"
        }
      }

      secret "db" {
        provider = "nomad"
        path     = "db"
      }

      resources {
        cores = 2

        numa {
          affinity = "prefer"
        }
      }
    }
  }
}
