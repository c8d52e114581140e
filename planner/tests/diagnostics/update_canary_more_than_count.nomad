job "web" {
  datacenters = ["dc1"]
  update {
    canary       = 3
    max_parallel = 1
  }

  group "app" {
    count = 1

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
