variable "x" {}
job "web" {
  meta {
    "a" = var.‸
  }
}
