job "web" {
  datacenters = "dc1"
  priority    = "high"
  all_at_once = "maybe"

  group "g" {
    count = 1.5

    task "t" {
      driver       = "docker"
      kill_timeout = "30"
      env {
        LIST = ["a"]
        NONE = null
      }
    }
  }
}
