job "web" {
  group "app" {
    task "main" {
      resources {
        device "gpu" {
          constraint {
            attribute = "${device.‸}"
          }
        }
      }
    }
  }
}
