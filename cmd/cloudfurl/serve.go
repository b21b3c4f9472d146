package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/authority"
	"github.com/cloudfurl/cloudfurl/internal/local/server"
)

// shutdownGrace is how long requests in progress may go on after the signal to
// end.
const shutdownGrace = 2 * time.Second

// memoryLimit is where the garbage collector stops waiting for the heap to double,
// in bytes. It keeps 2,000 connections with bodies of 1 MB under 512 MB.
const memoryLimit = 384 << 20

// collectAt is how far the heap grows before the garbage collector runs, in percent of
// what is in use. That is little, so that with Go's 100 % the collector runs often, and
// takes an eighth of the CPU time. docs/benchmarks.md has what more than this costs.
const collectAt = 200

// A localServer serves an edge, or one version of it after the other.
type localServer struct {
	server    *server.Server
	listener  net.Listener
	authority *authority.Authority // nil without --tls
	inspector *inspectorServer     // nil with --inspect off
	log       *slog.Logger
	printed   string
}

// newServer listens for the requests of handler.
func (l *localCommand) newServer(handler http.Handler) (*localServer, error) {
	var signer *authority.Authority
	var secure *tls.Config
	if l.options.TLS {
		var err error
		if signer, err = authority.Open(l.log); err != nil {
			return nil, err
		}
		secure = signer.Config()
	}
	listener, err := listenOn(l.Listen)
	if err != nil {
		return nil, err
	}
	inspector, err := l.newInspector(handler)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if !isLoopback(listener.Addr()) {
		fault.Log(l.log, slog.LevelWarn, "other machines can reach what is served here",
			l.Listen+" isn't a loopback address", "use --listen 127.0.0.1:PORT, unless that is intended")
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	return &localServer{
		server:   server.New(listener, secure, handler, local.Bind, l.log),
		listener: listener, authority: signer, inspector: inspector, log: l.log,
	}, nil
}

func isLoopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// present gives the parts of an edge their ports, and prints the addresses unless
// they are the same as before.
func (s *localServer) present(stdout io.Writer, edge *local.Edge, name string) error {
	var others []string // those that the main port doesn't serve
	for _, part := range edge.Parts {
		if !part.Main {
			others = append(others, part.Path)
		}
	}
	ports, err := s.server.Assign(others)
	switch {
	case errors.Is(err, http.ErrServerClosed):
		return nil
	case err != nil:
		return err
	}
	var banner strings.Builder
	all := served{name, edge.Parts, edge.Outputs, s.listener.Addr(), ports, s.authority, s.inspector, widthOf(stdout)}
	if s.inspector != nil {
		s.inspector.front.Store(all.address(edge.Parts[0]))
	}
	all.print(&banner)
	if banner.String() == s.printed {
		return nil
	}
	s.printed = banner.String()
	_, err = io.WriteString(stdout, s.printed)
	return err
}

// serve serves until ctx ends, and then lets requests in progress go on for a
// moment.
func (s *localServer) serve(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- s.server.Serve() }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	err := s.server.Shutdown(context.Background(), shutdownGrace)
	<-served
	return err
}

func (s *localServer) close() error {
	if s.inspector != nil {
		s.inspector.Close()
	}
	return s.server.Close()
}

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
