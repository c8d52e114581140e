variable "n" {}
job "web" {
  priority = true ? var.‸ : 3
}
