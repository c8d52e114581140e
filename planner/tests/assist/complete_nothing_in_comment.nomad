job "web" {
  # dat‸
}
