variable "n" {}
job "web" {
  datacenters = [for x in var.‸ : x]
}
