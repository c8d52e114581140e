job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      mode = "brigde"
      port "http" {}
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
