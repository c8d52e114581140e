job "web" {
  datacenters = ["dc1"]

  group "app" {
    ephemeral_disk {
      size = 50
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
