job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "dokcer"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
