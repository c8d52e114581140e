job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "exec"
      config {
        pid_mode = "shared"
        cap_add  = "net_raw"
        user     = "nobody"
      }
    }
  }
}
