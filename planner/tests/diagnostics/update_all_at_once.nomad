job "web" {
  datacenters = ["dc1"]
  update {
    max_parallel = 5
  }

  group "app" {
    count = 2

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
