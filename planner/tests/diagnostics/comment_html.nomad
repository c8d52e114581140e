job "web" {
  datacenters = ["dc1"]
  <!-- a comment -->

  group "app" {
    task "server" {
      driver = "docker"
      config {
        image = "nginx:1.27"
      }
    }
  }
}
