variable "x" {
  defa‸ult = 1
}
