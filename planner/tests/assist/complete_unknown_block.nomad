job "web" {
  gruop "app" {
    ‸
  }
}
