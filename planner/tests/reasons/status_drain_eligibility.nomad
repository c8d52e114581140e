job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    constraint {
      attribute = "${node.unique.name}"
      operator  = "regexp"
      value     = "^(closed|down|draining)$"
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
