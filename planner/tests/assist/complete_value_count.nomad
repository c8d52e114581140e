variable "n" {
  type    = number
  default = 2
}
job "web" {
  group "app" {
    count = ‸
  }
}
