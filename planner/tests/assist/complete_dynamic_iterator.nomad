job "web" {
  group "app" {
    network {
      dynamic "port" {
        for_each = ["a"]
        iterator = it
        labels   = [it.‸]
      }
    }
  }
}
