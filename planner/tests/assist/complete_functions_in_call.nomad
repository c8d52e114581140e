job "web" {
  name = upper(tri‸)
}
