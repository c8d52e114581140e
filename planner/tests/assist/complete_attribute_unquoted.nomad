job "web" {
  affinity {
    attribute = node.‸
  }
}
