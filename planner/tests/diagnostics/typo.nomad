job "web" {
  datacentres = ["dc1"]

  group "g" {
    cnt = 3

    task "t" {
      driver = "docker"

      config {
        image = "x"
      }

      resources {
        memroy = 64
      }
    }
  }
}
