job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 4

    ephemeral_disk {
      size = 101
    }

    constraint {
      attribute = "${node.unique.name}"
      value     = "small"
    }

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu    = 50
        memory = 10
      }
    }
  }

  group "heavy" {
    ephemeral_disk {
      size = 101
    }

    task "main" {
      driver = "docker"

      config {
        image = "app:1"
      }

      resources {
        cpu    = 700
        memory = 10
      }
    }
  }
}
