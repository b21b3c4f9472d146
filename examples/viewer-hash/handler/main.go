package main

import (
	"bufio"
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// Streams the words of the body, one a line.
func main() {
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		words := bufio.NewScanner(r.Body)
		words.Split(bufio.ScanWords)
		for words.Scan() {
			fmt.Fprintln(w, words.Text())
			time.Sleep(100 * time.Millisecond)
		}
	}))
}
