job "web" {
  group "app" {
    ‸count = 3
  }
}
