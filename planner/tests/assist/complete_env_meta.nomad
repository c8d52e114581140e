job "web" {
  meta {
    owner = "me"
  }
  group "app" {
    task "main" {
      env {
        OWNER = "${NOMAD_META‸}"
      }
    }
  }
}
