job "web" {
  constraint {
    operator = "‸>="
  }
}
