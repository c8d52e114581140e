job "web" {
  spread {
    attribute = "${node.datacenter}"
    target "‸" {
    }
  }
}
