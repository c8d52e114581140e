job "web" {
  group "app" {
    restart {
      delay = 150‸00000000
    }
  }
}
