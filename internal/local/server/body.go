package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A steadyBody is a request's body whose reads fail if no byte comes for a time.
type steadyBody struct {
	io.ReadCloser

	connection   *http.ResponseController
	server       *Server
	method, path string
}

// Read reads the next bytes. Between reads there is no deadline: after the body,
// it would end the request's context.
func (b *steadyBody) Read(p []byte) (int, error) {
	// Without deadlines, as in some tests, reads have no limit.
	limited := b.connection.SetReadDeadline(time.Now().Add(b.server.body)) == nil
	n, err := b.ReadCloser.Read(p)
	switch {
	case !limited:
	case timedOut(err):
		fault.Log(b.server.log, slog.LevelWarn, "cut a request", fmt.Sprintf("no byte of its body came for %v", b.server.body),
			"send the body without long pauses", "method", b.method, "path", b.path)
	default:
		b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}

func timedOut(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}
