job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "${attr.kernal.name}"
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
