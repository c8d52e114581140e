job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = "three"

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
