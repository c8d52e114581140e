job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = var.replicas

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
