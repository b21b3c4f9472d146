// Demo shows what cloudfurl carries between viewer and handler. In Lambda it runs
// behind a function URL, elsewhere it is an ordinary HTTP server.
//
//	/                          lines of JSON, at the pace of a chat
//	/echo                      the request's body
//	/inspect, /inspect/…       the request in JSON
//	/events?count=&interval=   server-sent events that resume after a cut
//	/upload                    counts and hashes a body while it reads it
//	/download?size=            up to 200 MB, with their checksum in the last line
//	/status?code=&wait=&fail   a status, late, or a body that breaks off
//	/pages/                    HTML with a form
//
// All of them are also below /api, for distributions that serve files at the root
// and send /api/* to the function. Pages of other sites may only link to them.
package main

import (
	"cmp"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// prefix is where everything is served a second time.
const prefix = "/api"

// memoryLimit makes the garbage collector work harder before the handler takes
// 64 MB, in bytes. The largest request, 6 MB, takes 22 MB until it is decoded.
const memoryLimit = 48 << 20

func main() {
	debug.SetMemoryLimit(memoryLimit)
	streamhttp.Start(newHandler(pace{beforeTokens: 500 * time.Millisecond, betweenTokens: 300 * time.Millisecond}))
}

// newHandler doesn't use http.ServeMux, which would redirect some of the paths
// that /inspect/ is meant to show.
func newHandler(p pace) http.Handler {
	routes := map[string]http.HandlerFunc{
		"/":                allow(p.stream, http.MethodGet, http.MethodHead, http.MethodPost),
		"/echo":            allow(echo, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete),
		"/inspect":         inspect,
		"/events":          allow(events, http.MethodGet, http.MethodHead),
		"/upload":          allow(upload, http.MethodPost, http.MethodPut),
		"/download":        allow(download, http.MethodGet, http.MethodHead),
		"/status":          allow(status, http.MethodGet, http.MethodHead, http.MethodPost),
		"/pages/":          allow(p.page, http.MethodGet, http.MethodHead, http.MethodPost),
		"/pages/style.css": allow(stylesheet, http.MethodGet, http.MethodHead),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if isFromOtherSite(r) {
			respondError(w, http.StatusForbidden, "a page of another site asks for "+r.URL.Path+": ask from a page of this site, or by a program")
			return
		}
		path := withoutPrefix(r.URL.Path)
		if strings.HasPrefix(path, "/inspect/") {
			path = "/inspect"
		}
		if route, ok := routes[path]; ok {
			route(w, r)
			return
		}
		respondError(w, http.StatusNotFound, "nothing at "+r.URL.Path+": try /, /echo, /inspect, /events, /upload, /download, /status or /pages/")
	})
}

// withoutPrefix returns a path as it is outside of prefix. Only routes need it:
// /inspect shows paths as they were sent.
func withoutPrefix(path string) string {
	if path == prefix || strings.HasPrefix(path, prefix+"/") {
		return cmp.Or(path[len(prefix):], "/")
	}
	return path
}
