job "web" {
  datacenters = ["dc1"]

  group "app" {
    task "server" {
      driver = "java"
      config {
        jar_path    = "local/app.jar"
        class       = "Main"
        jvm_option  = ["-Xmx256m"]
        args        = "-v"
      }
    }
  }
}
