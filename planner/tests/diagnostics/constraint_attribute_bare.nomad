job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "kernel.name"
    value     = "linux"
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
