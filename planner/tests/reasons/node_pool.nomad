job "new" {
  datacenters = ["dc1"]
  node_pool = "gpus"

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
