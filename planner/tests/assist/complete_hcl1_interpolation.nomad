job "web" {
  group "app" {
    task "main" {
      env {
        "DC" = "${node.d‸}"
      }
    }
  }
}
