job "web" {
  node_pool = "‸"
}
