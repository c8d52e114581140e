job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      config {
        image = "nginx:1.27"
      }
    }
  }
}
