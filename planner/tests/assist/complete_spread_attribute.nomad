job "web" {
  spread {
    attribute = "${meta.‸}"
  }
}
