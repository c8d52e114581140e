job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
        force_pull = "sometimes"
        shm_size = "64m"
        entrypoint = "/bin/sh"
        command = ["nginx", "-g"]
        image_pull_timeout = 300
        labels = ["a=b"]
        auth = "me:secret"
      }
    }
  }
}
