job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "${node.name}"
    value     = "alpha"
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
