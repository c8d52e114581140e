job "web" {
  datacenters = ["dc1"]
  type = "system"

  affinity {
    attribute = "${node.class}"
    value     = "fast"
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
