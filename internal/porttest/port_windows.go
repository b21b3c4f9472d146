package porttest

import (
	"net"
	"syscall"
	"testing"
)

type socket = syscall.Handle

func bind(t testing.TB, number int) *Port {
	t.Helper()
	bound, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &Port{socket: bound}
	t.Cleanup(p.close)
	// Without SO_REUSEADDR, with which Windows would share the port.
	if err := syscall.Bind(bound, &syscall.SockaddrInet4{Port: number, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatalf("port %d: %v", number, err)
	}
	address, err := syscall.Getsockname(bound)
	if err != nil {
		t.Fatal(err)
	}
	p.number = address.(*syscall.SockaddrInet4).Port
	return p
}

// Listen listens on the port from now on. The test closes the listener. Package net
// can't take over a socket on Windows, so for a moment the port is anybody's.
func (p *Port) Listen(t testing.TB) net.Listener {
	t.Helper()
	p.close()
	listener, err := net.Listen("tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func (p *Port) close() {
	if p.socket != syscall.InvalidHandle {
		syscall.Closesocket(p.socket)
		p.socket = syscall.InvalidHandle
	}
}
