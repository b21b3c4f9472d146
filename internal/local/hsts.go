package local

import (
	"net/http"
	"strings"
)

// keepLocalhostPlain removes Strict-Transport-Security from responses of localhost
// and names below it. A browser would remember it for a year, for every port of the
// name, and so for every other server that a developer starts there. For addresses
// browsers ignore it.
//
// See: https://www.rfc-editor.org/rfc/rfc6797#section-8.1.1
func keepLocalhostPlain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _ := hostname(r.Host); r.TLS != nil && (name == "localhost" || strings.HasSuffix(name, ".localhost")) {
			w = &plainWriter{w}
		}
		next.ServeHTTP(w, r)
	})
}

type plainWriter struct{ http.ResponseWriter }

// Unwrap lets http.ResponseController reach the connection.
func (w *plainWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader sends the headers.
func (w *plainWriter) WriteHeader(status int) {
	w.Header().Del("Strict-Transport-Security")
	w.ResponseWriter.WriteHeader(status)
}
