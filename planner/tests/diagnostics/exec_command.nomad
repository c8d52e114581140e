job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "exec"
      config {
        command  = "python3 app.py --port 80"
        work_dir = "app"
      }
    }
  }
}
