job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "${attr.unique.hostname}"
    operator  = "regexp"
    value     = "*-web"
  }

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
