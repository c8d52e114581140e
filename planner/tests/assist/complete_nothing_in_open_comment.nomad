job "web" {
  /* type = "‸"
}
