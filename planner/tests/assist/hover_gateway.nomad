job "web" {
  group "app" {
    service {
      connect {
        gateway {
          ingress {
            listener {
              service {
                na‸me = "x"
              }
            }
          }
        }
      }
    }
  }
}
