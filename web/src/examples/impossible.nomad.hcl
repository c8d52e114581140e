# Nothing can run this. The matrix names every reason on every node, not just the first.
job "impossible" {
  datacenters = ["mars"]
  type        = "service"

  constraint {
    attribute = "${attr.kernel.name}"
    value     = "plan9"
  }

  group "rover" {
    network {
      port "ssh" {
        static = 22
      }
    }

    volume "samples" {
      type   = "host"
      source = "regolith"
    }

    task "drive" {
      driver = "docker"

      config {
        image = "rover:1"
        ports = ["ssh"]
      }

      volume_mount {
        volume      = "samples"
        destination = "/samples"
      }

      resources {
        cpu    = 500
        memory = 9000000
      }
    }
  }
}
