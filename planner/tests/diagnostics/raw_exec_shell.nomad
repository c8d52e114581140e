job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "raw_exec"
      config {
        command = "/bin/sh -c 'echo hello'"
      }
    }
  }
}
