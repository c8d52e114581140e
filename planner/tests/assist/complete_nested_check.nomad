job "web" {
  group "app" {
    service {
      port = "http"
      check {
        type = "http"
        int‸
      }
    }
  }
}
