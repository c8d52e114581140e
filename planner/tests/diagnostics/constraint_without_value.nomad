job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "${attr.kernel.name}"
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
