job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "raw_exec"
      config {
        comand = "/bin/true"
        args = "-v"
      }
    }
  }
}
