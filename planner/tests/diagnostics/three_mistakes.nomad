job "web" {
  datacenters = ["dc1"]]
  priority = = 50

  group "g" {
    count = (1 + 
    task "t" {
      driver = "docker"
      kil_timeout = "5s"
    }
  }
}
