job "web" {
  datacenters = ["dc1"]
  type = "batch"

  periodic {
    prohibit_overlap = true
  }

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
