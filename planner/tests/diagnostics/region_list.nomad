job "web" {
  datacenters = ["dc1"]
  region = ["global"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
