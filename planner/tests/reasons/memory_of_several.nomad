job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 4

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu    = 100
        memory = 1500
      }
    }
  }
}
