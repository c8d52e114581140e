job "web" {
  vault_tok‸en = "x"
}
