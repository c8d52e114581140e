job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = vars.replicas

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
