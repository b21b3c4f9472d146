package main

import (
	"errors"
	"net"
	"syscall"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fault.New("give another port with --listen, or `make run PORT=…`", "%s is in use by another process", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fault.New("give a port above 1023 with --listen", "no permission to listen on %s", address)
	case err != nil:
		if inner := new(net.OpError); errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fault.New("give an address such as 127.0.0.1:8080 with --listen", "can't listen on %q: %w", address, err)
	}
	return listener, nil
}
