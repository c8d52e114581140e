job "web" {
  datacenters = ["dc1"]
  driver      = "docker"

  port "http" {
    static = 80
  }

  group "g" {
    image = "x"

    task "t" {
      driver    = "docker"
      resources = { cpu = 100 }
      count {
      }
    }
  }
}
