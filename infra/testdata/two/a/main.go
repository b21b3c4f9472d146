// Command a is one of two.
package main

func main() {}
