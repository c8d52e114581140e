job "web" {
  datacenters = ["dc1"]

  group "app" {
    restart = "on-failure"

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
