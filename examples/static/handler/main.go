// Handler recites a poem, one line at a time.
package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

const poem = `Roses are red,
violets are blue,
the first line is here
before the last one is due.`

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/poem", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "For %s\n", r.FormValue("name"))
		for line := range strings.Lines(poem) {
			time.Sleep(200 * time.Millisecond)
			fmt.Fprint(w, line)
		}
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no such poem", http.StatusNotFound)
	})
	streamhttp.Start(mux)
}
