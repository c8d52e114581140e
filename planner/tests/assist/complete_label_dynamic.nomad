job "web" {
  group "app" {
    network {
      dynamic "‸" {
      }
    }
  }
}
