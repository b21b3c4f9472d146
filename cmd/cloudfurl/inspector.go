package main

import (
	"cmp"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/inspector"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
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

// traceFlags say what is recorded of requests, and where it is shown.
type traceFlags struct {
	Inspect   string `group:"address" placeholder:"ADDRESS" help:"Address of the page that shows what happened to the last requests; \"off\" records nothing (default: ${inspector}, or another port if that is in use)."`
	LogTraces bool   `help:"Add its whole trace to the line of each request, with --json."`
}

const noInspector = "off"

// tracesKept is how many requests the inspector shows.
const tracesKept = 300

// apply sets what the flags mean for the app.
func (f *traceFlags) apply(options *build.Options, asJSON bool) error {
	if f.LogTraces && !asJSON {
		return fault.At("--log-traces", fault.New("add --json", "needs --json"))
	}
	kept := tracesKept
	switch {
	case f.Inspect == noInspector && f.LogTraces:
		kept = 1
	case f.Inspect == noInspector:
		kept = 0
	}
	options.Traces, options.LogTraces = trace.NewLog(kept), f.LogTraces
	return nil
}
