job "web" {
  type ‸
}
