job "web" {
  datacenters = ["dc1"]
  type = "batch"

  group "app" {
    update {
      max_parallel = 1
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
