package server

import (
	"context"
	"net"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

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
