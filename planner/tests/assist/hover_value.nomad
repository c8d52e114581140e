job "web" {
  group "app" {
    restart {
      mode = "del‸ay"
    }
  }
}
