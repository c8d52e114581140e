job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "java"
      config {
        jvm_options = ["-Xmx256m"]
      }
    }
  }
}
