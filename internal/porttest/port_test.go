package porttest

import (
	"errors"
	"net"
	"syscall"
	"testing"
)

func TestPort_is_refused_until_the_test_listens(t *testing.T) {
	port := Reserve(t)
	for range 100 {
		if conn, err := net.Dial("tcp", port.Address()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Fatalf("got %v, %v, want a connection that is refused", conn, err)
		}
	}
	if other, err := net.Listen("tcp", port.Address()); err == nil {
		other.Close()
		t.Error("somebody else can listen on the port")
	}
	listener := port.Listen(t)
	conn, err := net.Dial("tcp", port.Address())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	accepted.Close() // first, so that the system remembers it for a while
	conn.Close()
	number := listener.Addr().(*net.TCPAddr).Port
	if number != port.Number() {
		t.Errorf("listens on %d, want %s", number, port)
	}
	listener.Close()
	again := ReserveAgain(t, number)
	if conn, err := net.Dial("tcp", again.Address()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v, %v on the port that was closed, want a connection that is refused", conn, err)
	}
	again.Listen(t).Close()
}
