"job" "web" {
  "group" "app" {
    "cou‸"
  }
}
