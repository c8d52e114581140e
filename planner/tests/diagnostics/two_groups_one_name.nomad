job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "other" {
      driver = "docker"
      config {
        image = "redis:7"
      }
    }
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
