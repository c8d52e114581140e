job "web" {
  datacenters = ["dc1"]
  parameterized {
    payload = "required"
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
