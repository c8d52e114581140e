job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "raw_exec"
      config {
        command            = "/bin/true"
        work_dir           = "data"
        oom_score_adj      = -5
        cgroup_v1_override = { cpuset = "a" }
        cgroup_v2_override = "custom"
      }
    }
  }
}
