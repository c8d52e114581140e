variable "image" {}
job "web" {
  name = upper(‸)
}
