package functionurl

import (
	"maps"
	"net/http"
	"strconv"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// ServeHTTP serves calls over HTTP, by any name. It flushes every chunk of a
// stream. When a viewer leaves, it closes the response's body.
func (u *URL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resp, err := u.roundTrip(r, true)
	if err != nil {
		panic(http.ErrAbortHandler) // the viewer has left
	}
	defer resp.Body.Close()
	h := w.Header()
	maps.Copy(h, resp.Header)
	if resp.ContentLength >= 0 && exchange.BodyAllowed(resp.StatusCode) {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
	w.WriteHeader(resp.StatusCode)
	if resp.ContentLength < 0 {
		http.NewResponseController(w).Flush()
	}
	if _, err := exchange.Send(w, resp.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
}
