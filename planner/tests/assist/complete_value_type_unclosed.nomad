job "web" {
  type = "ser‸
  group "app" {
  }
}
