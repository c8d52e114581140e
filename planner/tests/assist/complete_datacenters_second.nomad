job "web" {
  datacenters = ["berlin", "‸"]
}
