job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      secret "database" {
        provider = "keeper"
        path     = "app/database"
      }

      resources {
        cpu = 100
        memory = 64
      }
    }
  }
}
