job "web" {
  affinity {
    operator = "set‸"
  }
}
