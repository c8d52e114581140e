job "web" {
}

var‸
