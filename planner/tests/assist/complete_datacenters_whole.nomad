job "web" {
  datacenters = ‸
}
