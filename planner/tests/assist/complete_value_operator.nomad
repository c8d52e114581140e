job "web" {
  constraint {
    attribute = "${attr.nomad.version}"
    operator  = "‸"
    value     = "1.2"
  }
}
