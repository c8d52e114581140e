job "web" {
  group "app" {
    volume "data" {
      type   = "host"
      source = "‸"
    }
  }
}
