package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"

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
