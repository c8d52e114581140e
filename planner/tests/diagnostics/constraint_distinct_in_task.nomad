job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
      constraint {
        operator = "distinct_hosts"
        value    = "true"
      }
    }
  }
}
