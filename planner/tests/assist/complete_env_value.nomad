job "web" {
  group "app" {
    network {
      port "http" {
        static = 80
      }
      port "admin" {
        to = 9000
      }
    }
    task "main" {
      env {
        URL = "http://${NOMAD_AD‸}"
      }
    }
  }
}
