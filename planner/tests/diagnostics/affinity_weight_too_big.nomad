job "web" {
  datacenters = ["dc1"]
  affinity {
    attribute = "${node.class}"
    value     = "fast"
    weight    = 500
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
