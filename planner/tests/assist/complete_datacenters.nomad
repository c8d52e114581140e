job "web" {
  datacenters = ["‸"]
}
