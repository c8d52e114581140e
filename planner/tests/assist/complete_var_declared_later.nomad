job "web" {
  name = "${‸
  group "app" {
  }
}
variable "image" {}
