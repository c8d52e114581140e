job "web" {
  type = = "x"
  group "app" {
    count = 
    restart {
      attempts 3
      mod‸
    }
  }
}
