package server

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A conn is a connection of a client. It logs what net/http rejects.
type conn struct {
	net.Conn

	server  *Server
	peeked  []byte       // read, and not yet returned by Read
	first   atomic.Int32 // the first byte of the client
	handled atomic.Bool  // a handler has the current request
}

type connKey struct{}

// withConn puts the connection into the context of its requests.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// began notes that a handler has the request.
func began(r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		c.handled.Store(true)
	}
}

// trackConn notes that the response to the last request was written.
func trackConn(c net.Conn, state http.ConnState) {
	if plain, ok := c.(*conn); ok && state == http.StateIdle {
		plain.handled.Store(false)
	}
}

// tlsHandshake is the first byte of a TLS connection.
//
// See: https://www.rfc-editor.org/rfc/rfc8446#section-5.1
const tlsHandshake = 0x16

// Read reads from the client.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.peeked) > 0 {
		n := copy(p, c.peeked)
		c.peeked = c.peeked[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.first.CompareAndSwap(0, int32(p[0]))
	}
	return n, err
}

// Write writes to the client, which has a while to read it. A response without a
// handler is net/http's own.
func (c *conn) Write(p []byte) (int, error) {
	c.Conn.SetWriteDeadline(time.Now().Add(c.server.write))
	if status, ok := bytes.CutPrefix(p, []byte("HTTP/1.1 ")); ok && len(status) > 0 && status[0] >= '4' && !c.handled.Load() {
		c.log(string(status))
	}
	return c.Conn.Write(p)
}

// log logs a response of net/http: its first line has the status, and sometimes the
// reason.
func (c *conn) log(response string) {
	line, _, _ := strings.Cut(response, "\r\n")
	status, cause, _ := strings.Cut(line, ": ")
	hint := "send HTTP/1.1 with one Host header"
	switch {
	case c.first.Load() == tlsHandshake:
		cause, hint = "the client speaks TLS, and this port doesn't", "use http:// instead of https://, or start with --tls"
	case strings.HasPrefix(status, "431"):
		cause, hint = "the headers are larger than 1 MB", "send smaller headers"
	case cause == "":
		cause = "the request isn't valid HTTP/1.1"
	}
	fault.Log(c.server.log, slog.LevelWarn, "rejected a request before any part saw it", cause, hint,
		"status", status, "from", c.RemoteAddr().String())
}
