job "web" {
  datacenters = ["dc1"]

  group "app" {
    volume "data" {
      type = "host"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
