job "web" {
  datacenters = ["dc1"]

  group "app" {
    volume "data" {
      type   = "csi"
      source = "data"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
