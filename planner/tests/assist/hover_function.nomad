job "web" {
  name = sub‸str("abc", 0, 1)
}
