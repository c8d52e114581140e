job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        mount {
          type   = "bnd"
          target = "/data"
        }

        mount {
          type   = "bind"
          target = "data"
        }

        mount {
          type   = "tmpfs"
          source = "x"
          target = "/t"
          tmpfs_options {
            size = "1GB"
          }
        }

        mount {
          source   = "v"
          readonyl = true
          bind_options {
            propagation = "rshared"
          }
        }
      }
    }
  }
}
