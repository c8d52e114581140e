job "web" {
  group "app" {
    net‸ {
    }
  }
}
