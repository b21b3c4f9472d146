package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// open waits for the first byte of a connection and, if that begins one, for a TLS
// handshake. It returns the connection that carries HTTP, or nil if the handshake or
// the connection failed.
func (s *Server) open(ctx context.Context, c *conn) net.Conn {
	ctx, cancel := context.WithTimeout(ctx, headerTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	first := make([]byte, 1)
	n, _ := c.Read(first)
	if !stop() || n == 0 {
		c.Close()
		return nil
	}
	c.peeked = first
	if first[0] != tlsHandshake {
		return c
	}
	secured := tls.Server(c, s.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		s.logHandshake(c, err)
		c.Close()
		return nil
	}
	return secured
}

// logHandshake logs that a client has ended a handshake with an alert: it doesn't
// trust the certificate. Those that say nothing leave for other reasons.
func (s *Server) logHandshake(c *conn, err error) {
	if remote := new(net.OpError); errors.As(err, &remote) && remote.Op == "remote error" {
		fault.Log(s.log, slog.LevelWarn, "a client rejected the certificate", err.Error(),
			"let it trust the authority that the banner names; docs/local.md says how", "from", c.RemoteAddr().String())
	}
}

// A streamWriter bounds the time that a client of HTTP/2 may take to read what is
// written: the connection's own deadline doesn't see one stream that waits.
type streamWriter struct {
	http.ResponseWriter

	connection *http.ResponseController
	limit      time.Duration
}

// Unwrap lets http.ResponseController reach the stream.
func (w *streamWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Write writes a part of the response.
func (w *streamWriter) Write(p []byte) (int, error) {
	w.connection.SetWriteDeadline(time.Now().Add(w.limit))
	defer w.connection.SetWriteDeadline(time.Time{}) // a handler may be silent for longer
	return w.ResponseWriter.Write(p)
}

// FlushError sends what was written.
func (w *streamWriter) FlushError() error {
	w.connection.SetWriteDeadline(time.Now().Add(w.limit))
	defer w.connection.SetWriteDeadline(time.Time{})
	return w.connection.Flush()
}
