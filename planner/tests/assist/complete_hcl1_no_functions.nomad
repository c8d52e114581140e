job "web" {
  name = up‸
}
