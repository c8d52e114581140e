job "web" {
  datacenters = ["dc1"]
  all_at_once = "yes"

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
