job "web" {
  datacenters = ["dc1"]

  group "app" {
    volume "data" {
      type        = "host"
      source      = "data"
      access_mode = "single-node-writer"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
