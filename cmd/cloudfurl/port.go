package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		if process := cloudfurlAt(address); process != 0 {
			return nil, fault.New("stop it, or give another port with --listen, or `make run PORT=…`", "%s is in use by another cloudfurl, process %d", address, process)
		}
		return nil, fault.New("give another port with --listen, or `make run PORT=…`", "%s is in use by another process", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fault.New("give a port above 1023 with --listen", "no permission to listen on %s", address)
	case err != nil:
		if inner := new(net.OpError); errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fault.New("give an address such as "+defaultListen+" with --listen", "can't listen on %q: %w", address, err)
	}
	return listener, nil
}

// ownHost is the Host by which a running cloudfurl says that it is one, whatever it
// serves. No page in a browser can ask for it: the name never resolves.
//
// See: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
const ownHost = "cloudfurl.invalid"

// ownAnswer has the number of the process.
const ownAnswer = "cloudfurl is process %d\n"

// answering answers requests for ownHost.
func answering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host == ownHost {
			fmt.Fprintf(w, ownAnswer, os.Getpid())
			return
		}
		next.ServeHTTP(w, r)
	})
}

// askTimeout bounds how long the other process may take to answer.
const askTimeout = time.Second

// cloudfurlAt returns the process of the cloudfurl that listens on an address, or 0
// if it is something else.
func cloudfurlAt(address string) (process int) {
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", nil)
	if err != nil {
		return 0
	}
	request.Host = ownHost
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request) // through no proxy
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if _, err := fmt.Fscanf(response.Body, ownAnswer, &process); err != nil {
		return 0
	}
	return process
}
