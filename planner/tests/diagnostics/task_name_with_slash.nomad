job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "app/server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
