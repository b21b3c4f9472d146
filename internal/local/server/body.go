package server

import (
	"io"
	"net/http"
	"time"
)

// A steadyBody is a request's body whose reads fail if no byte comes for a time.
type steadyBody struct {
	io.ReadCloser

	connection *http.ResponseController
	timeout    time.Duration
}

// Read reads the next bytes. Between reads there is no deadline: after the body,
// it would end the request's context.
func (b *steadyBody) Read(p []byte) (int, error) {
	// Without deadlines, as in some tests, reads have no limit.
	limited := b.connection.SetReadDeadline(time.Now().Add(b.timeout)) == nil
	n, err := b.ReadCloser.Read(p)
	if limited && !timedOut(err) {
		b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}

func timedOut(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}
