job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        imag_pull_timeout = "5m"
        forcepull = true
        restart_policy = "always"
        environment {
          A = "b"
        }
      }
    }
  }
}
