job "web" {
  group "app" {
    service {
      connect {
        gateway {
          proxy {
            ‸
          }
        }
      }
    }
  }
}
