// Command handler is a main package for GoHandler to compile.
package main

import "fmt"

var version = "none"

func main() { fmt.Println("handler", version) }
