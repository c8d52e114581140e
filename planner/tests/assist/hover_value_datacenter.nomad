job "web" {
  datacenters = ["berlin", "lon‸don"]
}
