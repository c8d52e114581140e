job "web" {
  datacenters = ["dc1"]

  group "app" {
    network {
      mode = "bridge"
      port "http" {}
    }

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        network_mode = "host"
        dns_servers  = ["1.1.1.1"]
      }
    }
  }
}
