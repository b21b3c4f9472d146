package main

import (
	"errors"
	"io/fs"
	"net"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case fault.AddressInUse(err):
		return nil, fault.New("stop what listens there (another cloudfurl, perhaps), or use another port: --listen 127.0.0.1:0 picks a free one", "%s is in use", address)
	case errors.Is(err, fs.ErrPermission):
		return nil, fault.New("use a port above 1023 with --listen", "no permission to listen on %s", address)
	case err != nil:
		if inner := new(net.OpError); errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fault.New("use an address such as "+defaultListen+" with --listen", "can't listen on %q: %w", address, err)
	}
	return listener, nil
}
