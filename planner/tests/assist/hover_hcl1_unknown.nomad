job "web" {
  group "app" {
    network {
      de‸vice = "eth0"
    }
  }
}
