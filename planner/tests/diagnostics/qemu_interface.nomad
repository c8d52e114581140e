job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "qemu"
      config {
        image_path      = "local/linux.img"
        drive_interface = "sata"
      }
    }
  }
}
