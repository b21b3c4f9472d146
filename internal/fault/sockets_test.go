package fault

import (
	"net"
	"os"
	"syscall"
	"testing"
)

func TestAddressInUse_and_ConnectionReset_know_the_errors_of_this_system(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if _, err := net.Listen("tcp", listener.Addr().String()); !AddressInUse(err) {
		t.Errorf("got %v of an address in use", err)
	}
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	server.(*net.TCPConn).SetLinger(0) // Close resets the connection
	server.Close()
	if _, err := client.Read(make([]byte, 1)); !ConnectionReset(err) {
		t.Errorf("got %v of a connection that was reset", err)
	}
}

func TestAddressInUse_and_ConnectionReset_know_those_of_Windows(t *testing.T) {
	if !AddressInUse(&net.OpError{Err: os.NewSyscallError("bind", syscall.Errno(10048))}) || !ConnectionReset(&net.OpError{Err: syscall.Errno(10054)}) {
		t.Error("Winsock's errors aren't known")
	}
}
