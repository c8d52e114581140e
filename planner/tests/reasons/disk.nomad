job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    ephemeral_disk {
      size = 19900
    }

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu = 100
        memory = 64
      }
    }
  }
}
