variable "image" {
  type    = string
  default = "redis:7"
}

job "web" {
  datacenters = ["dc1"]

  group "g" {
    count = var.imgae == "x" ? 1 : 2

    task "t" {
      driver = "docker"
      env {
        INDEX = NOMAD_ALLOC_INDEX + 1
        NAME  = uper("a")
        LIST  = jsonencode([1, 2][5])
        ID    = uuidv4()
        FILE  = file("secret.txt")
        ZERO  = 1 / 0
        HOST  = "${attr.unique.hostname}"
      }
    }
  }
}
