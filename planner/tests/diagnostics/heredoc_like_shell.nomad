job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
      template {
        destination = "local/a"
        data        = << EOT
{{ key "a" }}
x = { 1
EOT
      }
      template {
        destination = "local/b"
        data        = <<"END"
b
END
      }
      kil_timeout = "5s"
    }
  }
}
