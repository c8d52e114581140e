job "web" {
  group "app" {
    cou‸nt = 
