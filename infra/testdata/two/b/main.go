// Command b is one of two.
package main

func main() {}
