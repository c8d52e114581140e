job "web" {
  group "app" {
    vo‸ "data" {
    }
  }
}
