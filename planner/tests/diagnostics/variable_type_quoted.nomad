variable "n" {
  type    = "int"
  default = 1
}

job "web" {
  datacenters = ["dc1"]

  group "app" {
    count = var.n

    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
