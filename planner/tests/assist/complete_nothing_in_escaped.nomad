job "web" {
  name = "$${attr.‸}"
}
