job "web" {
  group "‸" {
  }
}
