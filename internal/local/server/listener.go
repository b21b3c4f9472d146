package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A listener accepts connections for net/http. With TLS, a client's first byte says
// whether it speaks that or HTTP. Clients are waited for side by side, so that a
// slow one holds no other.
type listener struct {
	net.Listener

	server *Server
	base   context.Context // of the requests
	accept sync.Once
	ready  chan accepted
	closed context.Context
	close  context.CancelFunc
}

// accepted is what Accept returns.
type accepted struct {
	conn net.Conn
	err  error
}

func newListener(inner net.Listener, s *Server, base context.Context) *listener {
	l := &listener{Listener: inner, server: s, base: base, ready: make(chan accepted)}
	l.closed, l.close = context.WithCancel(context.Background())
	return l
}

func (l *listener) Accept() (net.Conn, error) {
	if l.server.tls == nil {
		return l.next()
	}
	l.accept.Do(func() { go l.acceptAll() })
	select {
	case a := <-l.ready:
		return a.conn, a.err
	case <-l.closed.Done():
		return nil, net.ErrClosed
	}
}

// Close ends the listener, and connections of which it knows nothing yet.
func (l *listener) Close() error {
	l.close()
	return l.Listener.Close()
}

func (l *listener) next() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: inner, server: l.server}, nil
}

// acceptAll accepts connections until the listener is closed. After another error,
// net/http decides whether it goes on.
func (l *listener) acceptAll() {
	for l.closed.Err() == nil {
		c, err := l.next()
		if err != nil {
			l.deliver(accepted{err: err})
			continue
		}
		go func() {
			if opened := l.server.open(l.closed, c.(*conn)); opened != nil {
				l.deliver(accepted{conn: opened})
			}
		}()
	}
}

// deliver gives a connection or an error to net/http.
func (l *listener) deliver(a accepted) {
	select {
	case l.ready <- a:
	case <-l.closed.Done():
		if a.conn != nil {
			a.conn.Close()
		}
	}
}

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
