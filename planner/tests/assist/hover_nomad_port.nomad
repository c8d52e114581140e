job "web" {
  group "app" {
    task "main" {
      env {
        A = "${NOMAD_PORT_‸http}"
      }
    }
  }
}
