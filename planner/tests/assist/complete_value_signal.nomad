job "web" {
  group "app" {
    task "main" {
      kill_signal = "SIGU‸"
    }
  }
}
