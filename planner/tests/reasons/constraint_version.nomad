job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    constraint {
      attribute = "${attr.nomad.version}"
      operator  = "version"
      value     = ">= 2.0"
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
