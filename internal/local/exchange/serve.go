package exchange

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
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

var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// ErrLeft is the error of Send when the viewer has left.
var ErrLeft = errors.New("the viewer has left")

// Ready reports whether a body has bytes to read at once.
func Ready(body io.Reader) bool {
	ready, ok := body.(interface{ Ready() bool })
	return ok && ready.Ready()
}

// Send copies a body to the viewer and flushes each piece, so memory doesn't grow
// with it. It returns how many bytes it has sent, and the error of reading, if any.
func Send(w http.ResponseWriter, body io.Reader) (sent int64, err error) {
	control := http.NewResponseController(w)
	buffer := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buffer)
	for {
		n, err := body.Read(buffer[:])
		if n > 0 {
			if _, writing := w.Write(buffer[:n]); writing != nil {
				return sent, ErrLeft
			}
			sent += int64(n)
			if flushing := control.Flush(); flushing != nil && !errors.Is(flushing, http.ErrNotSupported) {
				return sent, ErrLeft
			}
		}
		if err == io.EOF {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
	}
}

// NewResponse returns a whole response, without its body if req was a HEAD.
func NewResponse(req *http.Request, status int, header http.Header, body []byte) *http.Response {
	resp := &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: req, Body: http.NoBody,
	}
	if !BodyAllowed(status) {
		return resp
	}
	resp.ContentLength = int64(len(body))
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if req.Method != http.MethodHead && len(body) > 0 {
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	return resp
}

// BodyAllowed reports whether a response with the status may have a body.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
func BodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
