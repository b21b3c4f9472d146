package server

import (
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A conn is a connection of a client.
type conn struct {
	net.Conn

	server *Server
	peeked []byte // read, and not yet returned by Read
	begun  atomic.Bool
}

// tlsHandshake is the first byte of a TLS connection.
//
// See: https://www.rfc-editor.org/rfc/rfc8446#section-5.1
const tlsHandshake = 0x16

// Read reads from the client. net/http rejects TLS without a word in the log.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.peeked) > 0 {
		n := copy(p, c.peeked)
		c.peeked = c.peeked[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p)
	if n > 0 && !c.begun.Swap(true) && p[0] == tlsHandshake && c.server.tls == nil {
		fault.Log(c.server.log, slog.LevelWarn, "rejected a request before any part saw it", "the client speaks TLS, and this port doesn't",
			"use http:// instead of https://, or start with --tls", "from", c.RemoteAddr().String())
	}
	return n, err
}

// Write writes to the client, which has a while to read it.
func (c *conn) Write(p []byte) (int, error) {
	c.Conn.SetWriteDeadline(time.Now().Add(c.server.write))
	return c.Conn.Write(p)
}
