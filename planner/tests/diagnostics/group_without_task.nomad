job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = 2
  }
}
