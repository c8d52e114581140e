job "web" {
  /* here */ prio‸
}
