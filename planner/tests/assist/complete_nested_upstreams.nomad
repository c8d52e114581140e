job "web" {
  group "app" {
    service {
      connect {
        sidecar_service {
          proxy {
            upstreams {
              ‸
            }
          }
        }
      }
    }
  }
}
