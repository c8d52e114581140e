job "web" {
  datacenters = ["dc1",
  group "app" {
    cou‸
  }
}
