job "web" {
  group "app" {
    service {
      tags = ["a", "b]
      provider = "‸
    }
  }
}
