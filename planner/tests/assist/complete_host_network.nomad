job "web" {
  group "app" {
    network {
      port "http" {
        host_network = "‸"
      }
    }
  }
}
