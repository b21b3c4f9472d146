package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Limits on a client. CloudFront closes such connections too.
//
// Inferred: AWS doesn't document the times on the viewer's side.
const (
	headerTimeout = 10 * time.Second // to send a request line and headers
	idleTimeout   = time.Minute      // between two requests of a connection
	bodyTimeout   = 30 * time.Second // for the next bytes of a request's body
	writeTimeout  = 5 * time.Minute  // to read what was written
	drainTimeout  = 10 * time.Second // to send the rest of a body after the response
)

// maxDrained is how much of that rest is read, in bytes.
const maxDrained = 256 << 20

// maxHeader is where net/http rejects a request's headers, in bytes. It is far
// above CloudFront's limit of 32,768, so the distribution rejects them.
const maxHeader = 1 << 20

// A Server serves one handler on several ports.
type Server struct {
	http  http.Server
	tls   *tls.Config // nil: HTTP only
	log   *slog.Logger
	body  time.Duration
	drain time.Duration
	write time.Duration

	mu    sync.Mutex
	main  net.Listener
	parts map[string]net.Listener
	ended bool
	bind  func(ctx context.Context, part string) context.Context
}

// New returns a server that listens on main until Close. Close it even if Serve
// was never called. With a TLS configuration, all its ports speak HTTPS too. On the
// port of a part, the context of a request is what bind returns.
func New(main net.Listener, secure *tls.Config, handler http.Handler, bind func(ctx context.Context, part string) context.Context, log *slog.Logger) *Server {
	s := &Server{
		tls: secure, log: log, body: bodyTimeout, drain: drainTimeout, write: writeTimeout,
		main: main, parts: map[string]net.Listener{}, bind: bind,
	}
	s.http = http.Server{
		Handler:           s.limit(handler),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BaseContext:       func(l net.Listener) context.Context { return l.(*listener).base },
	}
	return s
}

// Serve serves requests on the main port until Shutdown or Close. It returns nil
// after these, and otherwise why the port failed.
func (s *Server) Serve() error {
	if err := s.http.Serve(newListener(s.main, s, context.Background())); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown stops listening, and waits for requests in progress until the grace is
// over or ctx ends. Then it cuts them.
func (s *Server) Shutdown(ctx context.Context, grace time.Duration) error {
	defer s.end()()
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	if s.http.Shutdown(ctx) == nil {
		return nil
	}
	// net/http knows a listener that Assign has closed until its Serve has returned.
	if err := s.http.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Close stops listening and cuts requests in progress.
func (s *Server) Close() error { return s.Shutdown(context.Background(), 0) }

// end keeps Assign from listening. It returns a function that closes the
// listeners that nothing was served on, which net/http doesn't know.
func (s *Server) end() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	return func() {
		s.main.Close()
		for _, l := range s.parts {
			l.Close()
		}
	}
}

// limit makes a body that stalls fail, and ends what a client sends for nothing.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		body := &steadyBody{body: r.Body, connection: http.NewResponseController(w), server: s, request: r}
		inner := *r // net/http looks at the body of its own
		inner.Body = body
		if r.ProtoMajor >= 2 {
			next.ServeHTTP(w, &inner)
			return
		}
		next.ServeHTTP(&earlyWriter{ResponseWriter: w, body: body}, &inner)
		body.drain()
	})
}

// portsTried is how many ports after the main one are tried for the parts.
const portsTried = 100

// Assign gives each part a port, the next free ones after the main port, and
// closes the ports of parts that are gone. A part keeps its port from one call to
// the next. It returns the addresses by part.
func (s *Server) Assign(parts []string) (map[string]net.Addr, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, http.ErrServerClosed
	}
	addresses := map[string]net.Addr{}
	for _, part := range parts {
		l, ok := s.parts[part]
		if !ok {
			var err error
			if l, err = s.next(); err != nil {
				return nil, err
			}
			s.parts[part] = l
			go s.http.Serve(newListener(l, s, s.bind(context.Background(), part)))
		}
		addresses[part] = l.Addr()
	}
	for part, l := range s.parts {
		if _, ok := addresses[part]; !ok {
			l.Close()
			delete(s.parts, part)
		}
	}
	return addresses, nil
}

// next listens on the next free port after the main one, on the same address.
func (s *Server) next() (net.Listener, error) {
	address := *s.main.Addr().(*net.TCPAddr)
	for range portsTried {
		if address.Port++; address.Port > 65535 {
			break
		}
		l, err := net.Listen("tcp", address.String())
		if !fault.AddressInUse(err) {
			return l, err
		}
	}
	address.Port = 0 // the system's choice
	return net.Listen("tcp", address.String())
}
