job "web" {
  name = uuidv4‸
}
