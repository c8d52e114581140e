job "web" {
  spread {
    attribute = "${node.data‸center}"
  }
}
