job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 4
    constraint {
      operator  = "distinct_property"
      attribute = "${meta.rack}"
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
