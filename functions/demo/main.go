// Demo shows what cloudfurl carries between viewer and handler, at three paths:
// / streams lines, /echo returns the request's body, /inspect describes the
// request in JSON. In Lambda it runs behind a function URL, elsewhere it is an
// ordinary HTTP server.
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

// newHandler doesn't use http.ServeMux, which would redirect some of the paths
// that /inspect/ is meant to show.
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
			respondError(w, http.StatusNotFound, "nothing at "+path+": try /, /echo or /inspect")
		}
	})
}
