job "web" {
  # prior‸ity = 3
}
