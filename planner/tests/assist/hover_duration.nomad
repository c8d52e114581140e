job "web" {
  group "app" {
    restart {
      interval = "1h‸30m"
    }
  }
}
