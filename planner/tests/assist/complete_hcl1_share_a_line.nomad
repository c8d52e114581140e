job "web" {
  group "app" {
    network {
      port "db" { static = 3306 t‸ }
    }
  }
}
