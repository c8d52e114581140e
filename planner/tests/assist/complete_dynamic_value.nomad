job "web" {
  group "app" {
    network {
      dynamic "port" {
        for_each = ["a"]
        content {
          to = por‸
        }
      }
    }
  }
}
