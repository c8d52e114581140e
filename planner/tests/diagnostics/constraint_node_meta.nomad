job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "${node.meta.rack}"
    value     = "r1"
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
