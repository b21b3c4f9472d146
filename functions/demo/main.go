// Demo answers three paths that show what travels through cloudfurl: / streams
// lines, /echo gives a body back, /inspect tells what the handler saw. In
// Lambda it runs behind a function URL, elsewhere as an ordinary HTTP server.
package main

import (
	"net/http"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	streamhttp.Start(newHandler(pace{beforeTokens: 500 * time.Millisecond, betweenTokens: 300 * time.Millisecond}))
}

// newHandler routes by hand: http.ServeMux would redirect the paths that
// /inspect/ is there to show.
func newHandler(p pace) http.Handler {
	root := allow(p.stream, http.MethodGet, http.MethodHead, http.MethodPost)
	echoes := allow(echo, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		switch path := r.URL.Path; {
		case path == "/":
			root(w, r)
		case path == "/echo":
			echoes(w, r)
		case path == "/inspect" || strings.HasPrefix(path, "/inspect/"):
			inspect(w, r)
		default:
			refuse(w, http.StatusNotFound, "there is nothing at "+path+": try /, /echo or /inspect")
		}
	})
}
