job "web" {
  group "ap‸p" {
  }
}
