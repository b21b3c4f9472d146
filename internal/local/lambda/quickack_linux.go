package lambda

import (
	"net"
	"net/http"
	"syscall"
)

// acknowledgeAtOnce makes a connection acknowledge at once what it has read of a request.
// A runtime's client with Nagle's algorithm (no TCP_NODELAY) that writes the head,
// the prelude and the body of a response apart sends each only when the one
// before is acknowledged, and Linux delays that by 40 ms.
//
// See: https://man7.org/linux/man-pages/man7/tcp.7.html (TCP_QUICKACK)
func acknowledgeAtOnce(conn net.Conn, _ http.ConnState) {
	if raw, err := conn.(*net.TCPConn).SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1) })
	}
}
