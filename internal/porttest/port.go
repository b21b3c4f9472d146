// Package porttest reserves ports for tests. A port that a test got by listening on
// port 0 and closing it again may be another process's a moment later: tests of
// several packages run at once.
package porttest

import (
	"net"
	"strconv"
	"testing"
)

// A Port is a port of 127.0.0.1 on which nothing listens: connections to it are
// refused, and nobody else gets it before the test ends.
type Port struct {
	number int
	socket socket // bound
}

// Reserve returns a free port.
func Reserve(t testing.TB) *Port {
	t.Helper()
	return bind(t, 0)
}

// ReserveAgain returns a port that a listener of the test has just closed.
func ReserveAgain(t testing.TB, number int) *Port {
	t.Helper()
	return bind(t, number)
}

// Number returns the port's number.
func (p *Port) Number() int { return p.number }

// String returns the port's number in decimal.
func (p *Port) String() string { return strconv.Itoa(p.number) }

// Address returns the port with its host, such as 127.0.0.1:40123.
func (p *Port) Address() string { return net.JoinHostPort("127.0.0.1", p.String()) }
