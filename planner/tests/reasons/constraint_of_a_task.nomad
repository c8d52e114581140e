job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }
      constraint {
        attribute = "${meta.rack}"
        value     = "r9"
      }

      resources {
        cpu = 100
        memory = 64
      }
    }
  }
}
