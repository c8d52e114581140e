job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
      template {
        data        = "x"
        destination = "local/a"
        change_mode = "reload"
      }
    }
  }
}
