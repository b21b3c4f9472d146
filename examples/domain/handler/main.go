package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := range 3 {
			fmt.Fprintf(w, "%d: hello %s, this is %s\n", i, r.FormValue("name"), r.Host)
			time.Sleep(200 * time.Millisecond)
		}
	}))
}
