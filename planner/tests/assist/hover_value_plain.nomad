job "web" {
  name = "so‸me"
}
