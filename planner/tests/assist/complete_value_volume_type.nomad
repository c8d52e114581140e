job "web" {
  group "app" {
    volume "data" {
      type = "‸"
    }
  }
}
