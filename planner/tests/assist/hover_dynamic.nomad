job "web" {
  group "app" {
    network {
      dyna‸mic "port" {
      }
    }
  }
}
