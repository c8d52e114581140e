job "web" {
  datacenters = ["dc1"]

  group "app" {
    for_each = toset(["a"])

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
