variable "n" {
  type = number
  validation {
    condition = var.‸
  }
}
