job "web" {
  group "app" {
    network {
      mode = "‸"
    }
  }
}
