job "web" {
  /* type = "
   ‸ */
}
