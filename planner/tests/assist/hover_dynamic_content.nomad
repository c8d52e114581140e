job "web" {
  group "app" {
    network {
      dynamic "port" {
        content {
          stat‸ic = 1
        }
      }
    }
  }
}
