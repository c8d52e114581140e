job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 9

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu    = 1000
        memory = 64
      }
    }
  }
}
