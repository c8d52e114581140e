job "web" {
  group "app" {
    task "one" {}
    task "two" {}
    service {
      task = "‸"
    }
  }
}
