job "report" {
  datacenters = ["dc1"]
  type        = "batch"

  group "report" {
    ephemeral_disk {
      size = 500
    }

    task "crunch" {
      driver = "docker"

      config {
        image   = "python:3.12-slim"
        command = "python"
        args    = ["-c", "print(sum(range(10**7)))"]
      }

      resources {
        cpu    = 1000
        memory = 1024
      }
    }
  }
}
