job "web" {
  group "app" {
    service {
      check {
        port = "ad‸"
      }
    }
    network {
      port "http" {
        static = 80
      }
      port "admin" {
        to = 9000
      }
    }
  }
}
