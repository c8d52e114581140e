job "web" {
  group "app" {
    service {
      check {
        type = "‸"
      }
    }
  }
}
