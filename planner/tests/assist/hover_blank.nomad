job "web" {

  ‸  
}
