job "web" {
  type = b‸
}
