// Handler streams what it got of a request.
package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/private" && r.Header.Get("Authorization") == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		}
		name := r.FormValue("name")
		for _, line := range []string{
			"hello " + name + ", this is " + r.Host,
			r.Method + " " + r.RequestURI,
			"Authorization: " + r.Header.Get("Authorization"),
		} {
			fmt.Fprintln(w, line)
			time.Sleep(200 * time.Millisecond)
		}
	}))
}
