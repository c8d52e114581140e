variable "ports" {
  type = list(num‸)
}
