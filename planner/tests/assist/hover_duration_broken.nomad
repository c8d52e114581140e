job "web" {
  group "app" {
    restart {
      delay = "30 ‸x"
    }
  }
}
