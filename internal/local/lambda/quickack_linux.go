package lambda

import (
	"net"
	"syscall"
)

// A quickListener accepts connections that acknowledge at once what they read. A
// runtime's client with Nagle's algorithm (no TCP_NODELAY) that writes the head,
// the prelude and the body of a response apart sends each only when the one
// before is acknowledged, and Linux delays that by 40 ms.
//
// See: https://man7.org/linux/man-pages/man7/tcp.7.html (TCP_QUICKACK, which isn't
// permanent).
type quickListener struct{ *net.TCPListener }

// Accept returns the next connection.
func (l quickListener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	return quickConn{conn, raw}, nil
}

type quickConn struct {
	*net.TCPConn
	raw syscall.RawConn
}

// Read reads, and acknowledges at once.
func (c quickConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n > 0 {
		c.raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1) })
	}
	return n, err
}

func acknowledgeAtOnce(listener net.Listener) net.Listener {
	return quickListener{listener.(*net.TCPListener)}
}
