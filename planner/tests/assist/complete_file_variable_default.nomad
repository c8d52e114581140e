variable "other" {
  default = "x"
}
variable "image" {
  default = ‸
}
