job "web" {
  datacenters = ["dc1"]
  network {
    port "http" {}
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
