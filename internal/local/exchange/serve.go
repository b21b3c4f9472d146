package exchange

import (
	"maps"
	"net/http"
	"strconv"
)

// Serve responds to a request with what a round trip returns. It flushes every chunk of a
// stream. When the viewer leaves, it closes the response's body.
func Serve(roundTrip func(*http.Request) (*http.Response, error), w http.ResponseWriter, r *http.Request) {
	resp, err := roundTrip(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the viewer has left
	}
	defer resp.Body.Close()
	h := w.Header()
	maps.Copy(h, resp.Header)
	if resp.ContentLength >= 0 && BodyAllowed(resp.StatusCode) {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
	w.WriteHeader(resp.StatusCode)
	if resp.ContentLength < 0 {
		http.NewResponseController(w).Flush()
	}
	if _, err := Send(w, resp.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
}
