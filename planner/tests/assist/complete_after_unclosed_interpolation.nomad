job "web" {
  name = "${var.
  prio‸
}
