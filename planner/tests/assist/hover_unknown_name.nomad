job "web" {
  frob‸ = 1
}
