job "new" {
  datacenters = ["dc9"]

  group "app" {
    count = 1

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
