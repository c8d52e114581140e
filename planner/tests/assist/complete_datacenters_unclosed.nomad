job "web" {
  datacenters = ["‸
  type = "batch"
  group "app" {
  }
}
