job "web" {
  constraint {
    attribute = meta.ra‸ck
  }
}
