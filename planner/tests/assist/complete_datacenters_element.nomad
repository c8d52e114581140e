job "web" {
  datacenters = [‸]
}
