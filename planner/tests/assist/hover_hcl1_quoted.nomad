"job" "web" {
  "pri‸ority" = 3
}
