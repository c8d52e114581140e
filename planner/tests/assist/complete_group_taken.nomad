job "web" {
  group "app" {
    count = 3
    restart {
    }
    ‸
    network {
    }
  }
}
