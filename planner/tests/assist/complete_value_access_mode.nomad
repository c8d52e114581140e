job "web" {
  group "app" {
    volume "data" {
      access_mode = "multi‸"
    }
  }
}
