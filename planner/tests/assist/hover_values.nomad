job "web" {
  group "app" {
    network {
      mo‸de = "bridge"
    }
  }
}
