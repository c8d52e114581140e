variable "image" {
  ‸
}
