job "web" {
  group "app" {
    network {
      ‸
    }
  }
}
