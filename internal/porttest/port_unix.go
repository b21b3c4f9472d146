//go:build unix

package porttest

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
)

// A socket is -1 once it has been handed over or closed.
type socket = int

func bind(t testing.TB, number int) *Port {
	t.Helper()
	syscall.ForkLock.RLock() // a child would keep the port
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(socket)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	p := &Port{socket: socket}
	t.Cleanup(p.close)
	if number != 0 {
		err = p.reuse(1) // or connections that have just ended keep the port
	}
	err = errors.Join(err, syscall.Bind(socket, &syscall.SockaddrInet4{Port: number, Addr: [4]byte{127, 0, 0, 1}}))
	// Package net reuses addresses too, and could take the port if both sides do.
	if err = errors.Join(err, p.reuse(0)); err != nil {
		t.Fatalf("port %d: %v", number, err)
	}
	address, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	p.number = address.(*syscall.SockaddrInet4).Port
	return p
}

// Listen listens on the port from now on. The test closes the listener.
func (p *Port) Listen(t testing.TB) net.Listener {
	t.Helper()
	// As package net does: connections that have ended don't keep the port.
	if err := errors.Join(p.reuse(1), syscall.Listen(p.socket, syscall.SOMAXCONN)); err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(p.socket), "port "+p.String())
	p.socket = -1
	defer file.Close() // the listener has a copy
	listener, err := net.FileListener(file)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// reuse sets whether others that do so too may bind to the port while nobody
// listens.
func (p *Port) reuse(value int) error {
	return syscall.SetsockoptInt(p.socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, value)
}

func (p *Port) close() {
	if p.socket >= 0 {
		syscall.Close(p.socket)
		p.socket = -1
	}
}
