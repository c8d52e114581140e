job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "qemu"
      config {
        image             = "local/linux.img"
        graceful_shutdown = "yes"
        port_map {
          ssh = "twenty-two"
        }
      }
    }
  }
}
