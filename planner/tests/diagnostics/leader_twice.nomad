job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "proxy" {
      driver = "docker"
      leader = true
      config {
        image = "envoy:1"
      }
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
      leader = true
    }
  }
}
