job "web" {
  task "main" {
    res‸
  }
}
