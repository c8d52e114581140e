terraform {
  required_version = ">= 1"
}

provider "nomad" {
  address = "http://127.0.0.1:4646"
}

job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
