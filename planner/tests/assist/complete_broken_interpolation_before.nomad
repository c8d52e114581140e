job "web" {
  name = "${
  type = "‸"
}
