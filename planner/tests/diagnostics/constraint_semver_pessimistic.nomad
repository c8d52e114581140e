job "web" {
  datacenters = ["dc1"]
  constraint {
    attribute = "${attr.nomad.version}"
    operator  = "semver"
    value     = "~> 1.6"
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
