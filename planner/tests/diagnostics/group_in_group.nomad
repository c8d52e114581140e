job "web" {
  datacenters = ["dc1"]

  group "app" {
    group "inner" {
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
