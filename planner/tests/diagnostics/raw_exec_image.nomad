job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "raw_exec"
      config {
        command = "/bin/true"
        image   = "nginx:1.27"
      }
    }
  }
}
