job "web" {
  group "app" {
    task "main" {
      env {
        A = "x ${NOMAD_ALLOC_‸INDEX}"
      }
    }
  }
}
