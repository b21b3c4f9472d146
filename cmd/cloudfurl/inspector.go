package main

import (
	"cmp"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/inspector"
)

// inspectorAddress is where the inspector is if that is free: below the main port,
// because parts get those above.
const inspectorAddress = "127.0.0.1:23874"

// An inspectorServer serves what was recorded of the requests to an edge.
type inspectorServer struct {
	http.Server

	listener net.Listener
	front    atomic.Value // URL of the part that the page suggests
}

// newInspector serves the inspector, and lets handler serve replays. It returns nil if
// the inspector is off.
func (l *localCommand) newInspector(handler http.Handler) (*inspectorServer, error) {
	if l.Inspect == noInspector {
		return nil, nil
	}
	listener, err := net.Listen("tcp", cmp.Or(l.Inspect, inspectorAddress))
	if err != nil && l.Inspect == "" {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fault.At("--inspect", fault.New("use a loopback address with a free port, or off", "can't listen on %q: %w", l.Inspect, err))
	}
	if !isLoopback(listener.Addr()) {
		listener.Close()
		return nil, fault.At("--inspect", fault.New("use "+inspectorAddress+", and a tunnel such as `ssh -L` from elsewhere", "%s isn't a loopback address", l.Inspect))
	}
	i := &inspectorServer{listener: listener}
	i.front.Store("")
	i.Handler = inspector.New(l.options.Traces, handler, func() string { return i.front.Load().(string) })
	i.ReadHeaderTimeout = 10 * time.Second
	go i.Serve(listener)
	return i, nil
}
