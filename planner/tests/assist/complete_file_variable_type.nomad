variable "image" {
  type = ‸
}
