package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestMain(m *testing.M) {
	// It waits half a second for the client after a rejected request.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

type partKey struct{}

func bind(ctx context.Context, part string) context.Context {
	return context.WithValue(ctx, partKey{}, part)
}

// start serves a handler until the test ends. The limits on a body and on a
// viewer that doesn't read are short.
func start(t *testing.T, handler http.HandlerFunc) (*Server, *logtest.Log) {
	t.Helper()
	return startWith(t, 100*time.Millisecond, nil, handler)
}

// startWith is start with another limit on a body, and with TLS unless secure is nil.
func startWith(t *testing.T, body time.Duration, secure *tls.Config, handler http.HandlerFunc) (*Server, *logtest.Log) {
	t.Helper()
	main, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log, written := logtest.New()
	s := New(main, secure, handler, bind, log)
	s.body, s.write = body, 300*time.Millisecond
	s.http.Handler = s.limit(handler)
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return s, written
}

// talk sends text on a new connection and returns all that comes back.
func talk(t *testing.T, address net.Addr, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(c, text)
	response, err := io.ReadAll(c)
	if err != nil {
		t.Errorf("reading the response: %v", err)
	}
	return string(response)
}

func name(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "part %v at %s", r.Context().Value(partKey{}), r.Host)
}

func TestServer_gives_parts_ports_and_takes_them_back(t *testing.T) {
	s, _ := start(t, name)
	first, err := s.Assign([]string{"A", "B"})
	if err != nil {
		t.Fatal(err)
	}
	get := func(address net.Addr) string {
		return talk(t, address, "GET / HTTP/1.1\r\nHost: "+address.String()+"\r\nConnection: close\r\n\r\n")
	}
	for part, address := range map[string]net.Addr{"A": first["A"], "B": first["B"], "<nil>": s.main.Addr()} {
		if got, want := get(address), "part "+part+" at "+address.String(); !strings.HasSuffix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	second, err := s.Assign([]string{"B", "C"})
	if err != nil {
		t.Fatal(err)
	}
	if second["B"].String() != first["B"].String() {
		t.Errorf("B moved from %v to %v", first["B"], second["B"])
	}
	if got := get(second["C"]); !strings.Contains(got, "part C") {
		t.Errorf("got %q, want part C", got)
	}
	if len(second) != 2 {
		t.Errorf("got %v, want ports of B and C", second)
	}
	if first["A"].String() != second["C"].String() {
		if c, err := net.Dial("tcp", first["A"].String()); err == nil {
			c.Close()
			t.Error("the port of A is still open")
		}
	}
}

func TestServer_skips_ports_in_use(t *testing.T) {
	s, _ := start(t, name)
	next := *s.main.Addr().(*net.TCPAddr)
	next.Port++
	if taken, err := net.Listen("tcp", next.String()); err == nil {
		defer taken.Close()
	}
	ports, err := s.Assign([]string{"A"})
	if err != nil {
		t.Fatal(err)
	}
	if got := ports["A"].(*net.TCPAddr).Port; got <= next.Port || got > next.Port+portsTried {
		t.Errorf("got port %d, want one of those after %d", got, next.Port)
	}
}

func TestServer_assigns_no_port_after_the_end(t *testing.T) {
	s, _ := start(t, name)
	if err := s.Shutdown(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Assign([]string{"A"}); err == nil {
		t.Error("got no error")
	}
}

func TestServer_cuts_a_body_that_stalls(t *testing.T) {
	failed := make(chan error, 1)
	s, log := start(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		failed <- err
	})
	begin := time.Now()
	talk(t, s.main.Addr(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nten bytes.")
	if err := <-failed; !os.IsTimeout(err) {
		t.Errorf("got %v, want a timeout", err)
	}
	log.Want(t, "cut a request", "method=POST path=/", "no byte of its body came for 100ms")
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the connection was open for %v", took)
	}
}

func TestServer_waits_for_a_body_that_progresses(t *testing.T) {
	// Far more than each pause of the client, however busy the machine is, and less
	// than all of them.
	const limit = time.Second
	s, _ := startWith(t, limit, nil, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		// The deadline of the body must not end the response.
		time.Sleep(limit + 100*time.Millisecond)
		fmt.Fprint(w, len(body), " ", err, " ", r.Context().Err())
	})
	c, err := net.Dial("tcp", s.main.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 24\r\nConnection: close\r\n\r\n")
	for range 24 {
		time.Sleep(limit / 20)
		io.WriteString(c, "x")
	}
	response, err := io.ReadAll(c)
	if err != nil || !strings.HasSuffix(string(response), "24 <nil> <nil>") {
		t.Errorf("got %q, %v", response, err)
	}
}

func TestServer_cuts_a_viewer_that_does_not_read(t *testing.T) {
	failed := make(chan error, 1)
	s, _ := start(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				failed <- err
				return
			}
		}
	})
	c, err := net.Dial("tcp", s.main.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	select {
	case err := <-failed:
		if !os.IsTimeout(err) {
			t.Errorf("got %v, want a timeout", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the write didn't fail")
	}
}

// CloudFront rejects more than 32,768 bytes of headers with 494, and a URL of more
// than 8,192 bytes with 414. That is for the distribution to do.
func TestServer_passes_headers_above_the_limits_of_CloudFront(t *testing.T) {
	s, _ := start(t, name)
	got := talk(t, s.main.Addr(), "GET /"+strings.Repeat("x", 100_000)+" HTTP/1.1\r\nHost: a\r\nX: "+strings.Repeat("x", 200_000)+"\r\nConnection: close\r\n\r\n")
	if !strings.HasSuffix(got, "part <nil> at a") {
		t.Errorf("got %.100q, want the handler's response", got)
	}
}

func TestServer_limits_the_time_for_headers_and_between_requests(t *testing.T) {
	s := New(nil, nil, nil, nil, slog.New(slog.DiscardHandler))
	if s.http.ReadHeaderTimeout <= 0 || s.http.IdleTimeout <= 0 {
		t.Errorf("got %v and %v, want limits", s.http.ReadHeaderTimeout, s.http.IdleTimeout)
	}
}
