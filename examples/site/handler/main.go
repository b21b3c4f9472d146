// Handler streams the words of a request's body back, one line at a time.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/count", func(w http.ResponseWriter, r *http.Request) {
		for i := range 3 {
			fmt.Fprintln(w, i)
			time.Sleep(200 * time.Millisecond)
		}
	})
	mux.HandleFunc("POST /api/words", func(w http.ResponseWriter, r *http.Request) {
		words := bufio.NewScanner(r.Body)
		words.Split(bufio.ScanWords)
		for words.Scan() {
			fmt.Fprintln(w, words.Text())
			time.Sleep(200 * time.Millisecond)
		}
	})
	streamhttp.Start(mux)
}
