job "web" {
  group "app" {
    network {
      cni {
        ‸
      }
    }
  }
}
