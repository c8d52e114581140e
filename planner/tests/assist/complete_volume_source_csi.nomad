job "web" {
  group "app" {
    volume "data" {
      source = "‸"
      type   = "csi"
    }
  }
}
