job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "podman"
      config {
        image = "nginx:1.27"
        imgae = "x"
      }
    }
  }
}
