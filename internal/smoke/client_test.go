package smoke

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listen runs script for each connection, one after the other.
func listen(t *testing.T, script func(net.Conn)) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			script(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-ended
	})
	return parse(t, "http://"+listener.Addr().String())
}

func TestClient_sends_the_request_byte_for_byte(t *testing.T) {
	const response = "HTTP/1.1 204 No Content\r\n\r\n"
	for name, c := range map[string]struct {
		request Request
		want    string
	}{
		"an odd path and query": {
			Request{Method: "GET", Target: "/a//b/../%2f?x=%20+;&y=://&&"},
			"GET /a//b/../%2f?x=%20+;&y=://&& HTTP/1.1\r\nHost: HOST\r\nUser-Agent: cloudfurl-smoke\r\nAccept: */*\r\n\r\n",
		},
		"no body": {
			Request{Method: "POST", Target: "/"},
			"POST / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: cloudfurl-smoke\r\nAccept: */*\r\n\r\n",
		},
		"an empty body": {
			Request{Method: "POST", Target: "/", Body: []byte{}},
			"POST / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: cloudfurl-smoke\r\nAccept: */*\r\nContent-Length: 0\r\n\r\n",
		},
		"a chunked body": {
			Request{Method: "POST", Target: "/", Body: make([]byte, 17), Chunked: true},
			"POST / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: cloudfurl-smoke\r\nAccept: */*\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n" + strings.Repeat("\x00", 17) + "\r\n0\r\n\r\n",
		},
		"fields in their order": {
			Request{Method: "PUT", Target: "/", Header: []Field{{"b", "1"}, {"A", "2"}, {"b", "3"}}, Body: []byte("x")},
			"PUT / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: cloudfurl-smoke\r\nAccept: */*\r\nb: 1\r\nA: 2\r\nb: 3\r\nContent-Length: 1\r\n\r\nx",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			target := listen(t, func(conn net.Conn) {
				sent := make([]byte, len(strings.ReplaceAll(c.want, "HOST", conn.LocalAddr().String())))
				io.ReadFull(conn, sent)
				io.WriteString(conn, response)
				rest, _ := io.ReadAll(conn)
				got <- string(append(sent, rest...))
			})
			if _, err := (&client{}).send(t.Context(), target, c.request); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.ReplaceAll(c.want, "HOST", target.Host), <-got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestClient_reads_an_error_that_arrives_before_the_body_is_sent(t *testing.T) {
	got := make(chan struct{})
	target := listen(t, func(conn net.Conn) {
		http.ReadRequest(bufio.NewReaderSize(conn, 16))
		io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
		// The rest of the body is never read, and closing the connection before the
		// client has read the response would reset it.
		<-got
	})
	defer close(got)
	response, err := (&client{}).send(t.Context(), target, Request{Method: "POST", Target: "/", Body: make([]byte, 12<<20)})
	if err != nil || response.Status != 413 || string(response.Body) != "no" {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestClient_does_not_follow_redirects_or_decompress(t *testing.T) {
	target := listen(t, func(conn net.Conn) {
		http.ReadRequest(bufio.NewReader(conn))
		io.WriteString(conn, "HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw")
	})
	response, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"})
	if err != nil || response.Status != 301 || string(response.Body) != "raw" {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestClient_returns_what_it_read_of_a_response_that_breaks_off(t *testing.T) {
	target := listen(t, func(conn net.Conn) {
		http.ReadRequest(bufio.NewReader(conn))
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	})
	response, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"})
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "broke off after 4 B") || string(response.Body) != "half" {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestClient_times_out(t *testing.T) {
	target := listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	response, err := (&client{}).send(ctx, target, Request{Method: "GET", Target: "/"})
	if response != nil || err == nil || !strings.Contains(err.Error(), "timed out: no response") {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestClient_resolves_names_below_localhost(t *testing.T) {
	asked := make(chan string, 1)
	target := start(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Host }))
	target = parse(t, "http://id.lambda-url.us-east-1.localhost:"+target.Port())
	if _, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"}); err != nil {
		t.Fatal(err)
	}
	if host := <-asked; host != target.Host {
		t.Errorf("Host is %q, want %q", host, target.Host)
	}
}

func TestClient_verifies_the_certificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	target := parse(t, server.URL)
	if _, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"}); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v, want an error about the certificate", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	response, err := (&client{tls: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}).send(t.Context(), target, Request{Method: "GET", Target: "/"})
	if err != nil || string(response.Body) != "HTTP/1.1" {
		t.Errorf("got %+v, %v", response, err)
	}
}

// A watched connection announces each Read.
type watched struct {
	net.Conn
	reads chan struct{}
}

func (w watched) Read(p []byte) (int, error) {
	w.reads <- struct{}{}
	return w.Conn.Read(p)
}

func TestClient_times_the_first_and_the_last_byte(t *testing.T) {
	const pause = 40 * time.Millisecond
	near, far := net.Pipe()
	defer near.Close()
	conn := watched{near, make(chan struct{}, 8)}
	go func() {
		defer far.Close()
		<-conn.reads
		io.WriteString(far, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
		// The second Read comes after the first byte was timed.
		<-conn.reads
		time.Sleep(pause)
		io.WriteString(far, "b")
	}()
	response, err := read(conn, Request{Method: "GET", Target: "/"}, "example.com", time.Now())
	if err != nil || response.FirstByte <= 0 || response.LastByte-response.FirstByte < pause || response.Total < response.LastByte {
		t.Errorf("got %+v, %v", response, err)
	}
}
