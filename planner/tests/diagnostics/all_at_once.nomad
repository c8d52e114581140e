job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      port "http" {
        static = "eighty"
      }
    }

    service {
      name = "my_web"
      port = "htpp"
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        ports = ["http", "admin"]
      }
      resources {
        cpu    = 100
        memory = "256MB"
      }
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
    }

    task "helper" {
      driver     = "exec"
      kil_signal = "SIGTERM"
    }
  }

  group "broken" {
    volum "data" {
      type   = "host"
      source = "data"
    }
    task "server" {
      driver = "docker"
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
    }
  }
}
