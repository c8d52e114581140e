variable "image" {
  type        = string
  default     = "nginx:1"
  description = "What to run."
}
variables {
  memory = 256
}
locals {
  name = "web-${var.image}"
}
job "web" {
  name = var.im‸age
}
