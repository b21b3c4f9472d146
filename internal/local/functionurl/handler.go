package functionurl

import (
	"io"
	"net/http"
	"strconv"
)

// Handler returns the URL as a handler for calls over HTTP. It flushes every
// chunk of a stream. When a viewer leaves, it closes the response's body.
func (u *URL) Handler() http.Handler {
	return http.HandlerFunc(u.serveHTTP)
}

func (u *URL) serveHTTP(w http.ResponseWriter, r *http.Request) {
	resp, err := u.RoundTrip(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the viewer has left
	}
	defer resp.Body.Close()
	h := w.Header()
	for name, values := range resp.Header {
		h[name] = values
	}
	if resp.ContentLength >= 0 && bodyAllowed(resp.StatusCode) {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
	w.WriteHeader(resp.StatusCode)
	controller := http.NewResponseController(w)
	if resp.ContentLength < 0 {
		controller.Flush()
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				panic(http.ErrAbortHandler)
			}
			controller.Flush()
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}
