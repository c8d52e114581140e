job "new" {
  datacenters = ["dc1"]

  group "app" {
    count = 1
    network {
      mode = "bridgee"
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
