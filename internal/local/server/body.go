package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A steadyBody is a request's body whose reads fail if no byte comes for a time,
// and that can be read on after the response.
type steadyBody struct {
	body       io.Reader
	connection *http.ResponseController
	server     *Server
	request    *http.Request
	touched    atomic.Bool // it has been read from
	over       atomic.Bool // its end or an error was read
	closed     atomic.Bool
}

// Read reads the next bytes. Between reads there is no deadline: after the body,
// it would end the request's context.
func (b *steadyBody) Read(p []byte) (int, error) {
	if b.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	b.touched.Store(true)
	// Without deadlines, as in some tests, reads have no limit.
	limited := b.connection.SetReadDeadline(time.Now().Add(b.server.body)) == nil
	n, err := b.body.Read(p)
	b.over.Store(err != nil)
	switch {
	case !limited:
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.log("cut a request", fmt.Sprintf("no byte of its body came for %v", b.server.body), "send the body without long pauses")
	default:
		b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}

// Close keeps the handler from reading on. The rest is for drain.
func (b *steadyBody) Close() error {
	b.closed.Store(true)
	return nil
}

// drain reads what the handler left of the body, once the client has the whole
// response. A client that sends everything before it reads anything, such as
// Python's urllib, would otherwise find its connection reset.
func (b *steadyBody) drain() {
	if b.over.Load() || b.connection.Flush() != nil {
		return
	}
	// The deadline stays, for net/http reads on a little.
	if b.request.Header.Get("Expect") != "" && !b.touched.Load() {
		b.connection.SetReadDeadline(time.Now()) // the client was never told to send it
		return
	}
	b.connection.SetReadDeadline(time.Now().Add(b.server.drain))
	if n, err := io.CopyN(io.Discard, b.body, maxDrained); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		b.log("cut a request that had its response", fmt.Sprintf("its body didn't end within %d more bytes and %v", n, b.server.drain),
			"read the response while the body is sent, or send less")
	}
}

func (b *steadyBody) log(what, cause, hint string) {
	fault.Log(b.server.log, slog.LevelWarn, what, cause, hint, "method", b.request.Method, "path", b.request.URL.Path)
}

// An earlyWriter announces that the connection is closed after a response that
// begins before the end of the request's body. net/http would read on before it
// sends the response, for as long as the client sends nothing.
type earlyWriter struct {
	http.ResponseWriter

	body  *steadyBody
	begun bool
}

// Unwrap lets http.ResponseController reach the connection.
func (w *earlyWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *earlyWriter) WriteHeader(status int) {
	w.begun = w.begun || status >= http.StatusOK
	if w.begun && !w.body.over.Load() {
		w.Header().Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *earlyWriter) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}
