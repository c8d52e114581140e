job "web" {
  group "app" {
    cou‸nt = 3
  }
}
