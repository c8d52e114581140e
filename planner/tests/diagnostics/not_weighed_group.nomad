job "web" {
  datacenters = ["dc1"]

  group "app" {
    scaling {
      min = 1
      max = 5
    }

    consul {
      namespace = "web"
    }

    disconnect {
      lost_after = "6h"
      reconcile  = "best_score"
    }

    volume "data" {
      type            = "csi"
      source          = "data"
      access_mode     = "single-node-writer"
      attachment_mode = "file-system"
    }

    volume "cache" {
      type   = "host"
      source = "cache"
      sticky = true
    }

    network {
      mode = "bridge"
    }

    service {
      name = "web"
      port = "80"

      connect {
        sidecar_service {}
      }
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
