job "web" {
  node_po‸ol = "gpu"
}
