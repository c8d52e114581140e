job "my job" {
  datacenters = ["dc1"]
  type        = "daemon"
  priority    = 500

  group "g" {
    network {
      port "a" { static = 80 }
      port "b" { static = 80 }
    }

    task "t" {
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
      resources {
        memory = 5
      }
    }
  }
}
