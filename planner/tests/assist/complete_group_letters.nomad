job "web" {
  group "app" {
    cnt‸
  }
}
