job "web" {
  gr‸oup "app" {
  }
}
