job "new" {
  datacenters = ["dc1"]
  type = "system"

  group "app" {
    count = 1
    constraint {
      attribute = "${meta.rack}"
      value     = "r3"
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
