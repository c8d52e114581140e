job "web" {
  name = frob‸("abc")
}
