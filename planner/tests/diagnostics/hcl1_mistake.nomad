job "web" {
  datacenters = ["dc1"]
  group "g" {
    task "t" {
      driver = "docker"
      env {
        "PASSWORD" = "x"
      }
      resources {
        cpuu = 100
      }
    }
  }
}
