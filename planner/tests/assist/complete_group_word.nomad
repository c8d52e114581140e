job "web" {
  group "app" {
    disk‸
  }
}
