job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        logging {
          type   = "json-file"
          driver = "journald"
          config {
            max-size = ["10m"]
          }
        }
      }
    }
  }
}
