package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// startTLS is start for a server that speaks HTTPS too. The client trusts it, and
// speaks HTTP/2.
func startTLS(t *testing.T, handler http.HandlerFunc) (*Server, *logtest.Log, *http.Client) {
	t.Helper()
	other := httptest.NewTLSServer(nil)
	t.Cleanup(other.Close)
	s, log := startWith(t, 100*time.Millisecond, &tls.Config{Certificates: other.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}, handler)
	transport := other.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = true
	t.Cleanup(transport.CloseIdleConnections)
	return s, log, &http.Client{Transport: transport, Timeout: time.Minute}
}

// ask returns a response's protocol, status and body.
func ask(t *testing.T, client *http.Client, request *http.Request) string {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return fmt.Sprintf("%s %d %s %v", response.Proto, response.StatusCode, body, err)
}

func newRequest(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func TestServer_speaks_HTTPS_and_HTTP_on_every_port(t *testing.T) {
	s, _, client := startTLS(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "part %v, secure %v", r.Context().Value(partKey{}), r.TLS != nil)
	})
	ports, err := s.Assign([]string{"A"})
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"https://" + s.main.Addr().String(): "HTTP/2.0 200 part <nil>, secure true <nil>",
		"http://" + s.main.Addr().String():  "HTTP/1.1 200 part <nil>, secure false <nil>",
		"https://" + ports["A"].String():    "HTTP/2.0 200 part A, secure true <nil>",
		"http://" + ports["A"].String():     "HTTP/1.1 200 part A, secure false <nil>",
	} {
		if got := ask(t, client, newRequest(t, "GET", url, nil)); got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
	older := client.Transport.(*http.Transport).Clone()
	defer older.CloseIdleConnections()
	older.Protocols, older.TLSClientConfig.NextProtos = new(http.Protocols), nil
	older.Protocols.SetHTTP1(true)
	if got, want := ask(t, &http.Client{Transport: older}, newRequest(t, "GET", "https://"+s.main.Addr().String(), nil)), "HTTP/1.1 200 part <nil>, secure true <nil>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestServer_keeps_a_connection_of_HTTP2_whatever_became_of_a_body(t *testing.T) {
	s, log, client := startTLS(t, reject)
	s.drain = time.Minute // the response ends long before
	const want = "HTTP/2.0 413 too large <nil>"
	silent, end := io.Pipe()
	defer end.Close()
	for i, body := range []io.Reader{nil, strings.NewReader("read by nobody"), silent, nil} {
		request := newRequest(t, "POST", "https://"+s.main.Addr().String(), body)
		reused := false
		trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
		if got := ask(t, client, request.WithContext(httptrace.WithClientTrace(request.Context(), trace))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if reused != (i > 0) {
			t.Errorf("request %d: got reused %v", i, reused)
		}
	}
	if log.String() != "" {
		t.Errorf("got %s", log)
	}
}

func TestServer_cuts_a_body_of_HTTP2_that_stalls(t *testing.T) {
	failed := make(chan error, 1)
	s, log, client := startTLS(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		failed <- err
	})
	r, w := io.Pipe()
	defer w.Close()
	go io.WriteString(w, "ten bytes.")
	ask(t, client, newRequest(t, "POST", "https://"+s.main.Addr().String(), r))
	if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want a timeout", err)
	}
	log.Want(t, "cut a request", "no byte of its body came for 100ms")
}

func TestServer_lets_a_handler_of_HTTP2_be_silent(t *testing.T) {
	s, _, client := startTLS(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begin ")
		http.NewResponseController(w).Flush()
		time.Sleep(500 * time.Millisecond) // more than the time to read
		io.WriteString(w, "end")
	})
	if got, want := ask(t, client, newRequest(t, "GET", "https://"+s.main.Addr().String(), nil)), "HTTP/2.0 200 begin end <nil>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Clients that don't say what they speak: before a byte, and within a handshake.
func TestServer_waits_for_nobody(t *testing.T) {
	s, _, client := startTLS(t, name)
	for _, begin := range []string{"", "\x16", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"} {
		c := dial(t, s)
		io.WriteString(c, begin)
		if got := ask(t, client, newRequest(t, "GET", "https://"+s.main.Addr().String(), nil)); !strings.HasPrefix(got, "HTTP/2.0 200") {
			t.Errorf("got %s", got)
		}
	}
}

func TestServer_logs_that_a_client_rejects_its_certificate(t *testing.T) {
	s, log, _ := startTLS(t, name)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	asked := make(chan error, 1)
	go func() {
		_, err := http.Get("https://" + l.Addr().String())
		asked <- err
	}()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if opened := s.open(t.Context(), &conn{Conn: accepted, server: s}); opened != nil {
		t.Error("got a connection with a client that trusts nobody")
	}
	if err := <-asked; err == nil {
		t.Error("the client got a response")
	}
	log.Want(t, "level=WARN", "a client rejected the certificate", `cause="remote error: tls: bad certificate"`, "hint=", "from=127.0.0.1:")
}

func TestServer_accepts_again_after_an_error(t *testing.T) {
	s := &Server{tls: &tls.Config{}}
	inner := &failing{errs: make(chan error)}
	l := newListener(inner, s, nil)
	for _, err := range []error{errors.New("too many open files"), net.ErrClosed} {
		go func() { inner.errs <- err }()
		if _, got := l.Accept(); got != err {
			t.Errorf("got %v, want %v", got, err)
		}
	}
	l.Close()
	if _, err := l.Accept(); err != net.ErrClosed {
		t.Errorf("got %v after Close", err)
	}
}

// failing is a listener that only has errors.
type failing struct {
	net.Listener

	errs chan error
}

func (f *failing) Accept() (net.Conn, error) {
	if err, ok := <-f.errs; ok {
		return nil, err
	}
	return nil, net.ErrClosed
}

func (f *failing) Close() error {
	close(f.errs)
	return nil
}
