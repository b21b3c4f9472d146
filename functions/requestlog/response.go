package requestlog

import (
	"net/http"
	"time"
)

// A response counts what a handler sends.
type response struct {
	http.ResponseWriter
	controller *http.ResponseController

	status int // 0 until it is set
	bytes  int64
	first  time.Time // of the first Write or Flush
}

// Unwrap is for http.ResponseController.
func (r *response) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *response) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *response) Write(p []byte) (int, error) {
	r.begin()
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Flush is for handlers that look for an http.Flusher.
func (r *response) Flush() { r.FlushError() }

// FlushError is Flush for http.ResponseController.
func (r *response) FlushError() error {
	err := r.controller.Flush()
	if err == nil {
		r.begin()
	}
	return err
}

// CloseNotify is the server's, for gin, or a channel that nothing is sent to.
func (r *response) CloseNotify() <-chan bool {
	if server, ok := r.ResponseWriter.(interface{ CloseNotify() <-chan bool }); ok {
		return server.CloseNotify()
	}
	return nil
}

func (r *response) begin() {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.first.IsZero() {
		r.first = time.Now()
	}
}
