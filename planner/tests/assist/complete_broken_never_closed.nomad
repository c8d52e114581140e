job "web" {
  group "app" {
    network {
      mo‸