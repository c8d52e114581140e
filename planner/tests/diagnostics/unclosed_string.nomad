job "web" {
  datacenters = ["dc1"]
  type = "service

  group "g" {
    task "t" {
      driver = "docker"
      colour = "red"
    }
  }
}
