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

// listen answers each connection with what script makes of it.
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
	const answer = "HTTP/1.1 204 No Content\r\n\r\n"
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
				io.WriteString(conn, answer)
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

func TestClient_takes_a_refusal_that_comes_before_the_body_is_sent(t *testing.T) {
	target := listen(t, func(conn net.Conn) {
		http.ReadRequest(bufio.NewReaderSize(conn, 16))
		io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
		// Nothing more is read, so that sending never ends by itself.
		time.Sleep(50 * time.Millisecond)
	})
	answer, err := (&client{}).send(t.Context(), target, Request{Method: "POST", Target: "/", Body: make([]byte, 12<<20)})
	if err != nil || answer.Status != 413 || string(answer.Body) != "no" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestClient_follows_no_redirect_and_decompresses_nothing(t *testing.T) {
	target := listen(t, func(conn net.Conn) {
		http.ReadRequest(bufio.NewReader(conn))
		io.WriteString(conn, "HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw")
	})
	answer, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"})
	if err != nil || answer.Status != 301 || string(answer.Body) != "raw" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestClient_says_what_came_of_an_answer_that_breaks_off(t *testing.T) {
	target := listen(t, func(conn net.Conn) {
		http.ReadRequest(bufio.NewReader(conn))
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	})
	answer, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"})
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "broke off after 4 B") || string(answer.Body) != "half" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestClient_gives_up_when_time_is_up(t *testing.T) {
	target := listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	answer, err := (&client{}).send(ctx, target, Request{Method: "GET", Target: "/"})
	if answer != nil || err == nil || !strings.Contains(err.Error(), "time was up: no answer") {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestClient_knows_that_names_below_localhost_are_this_machine(t *testing.T) {
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

func TestClient_speaks_TLS_and_checks_the_certificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	target := parse(t, server.URL)
	if _, err := (&client{}).send(t.Context(), target, Request{Method: "GET", Target: "/"}); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown certificate was taken: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	answer, err := (&client{tls: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}).send(t.Context(), target, Request{Method: "GET", Target: "/"})
	if err != nil || string(answer.Body) != "HTTP/1.1" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

// An asking connection says each time that it is asked for more.
type asking struct {
	net.Conn
	asked chan struct{}
}

func (a asking) Read(p []byte) (int, error) {
	a.asked <- struct{}{}
	return a.Conn.Read(p)
}

func TestClient_takes_the_times_of_the_first_and_the_last_byte(t *testing.T) {
	const pause = 40 * time.Millisecond
	near, far := net.Pipe()
	defer near.Close()
	conn := asking{near, make(chan struct{}, 8)}
	go func() {
		defer far.Close()
		<-conn.asked
		io.WriteString(far, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
		// Who asks for more has taken the time of the first byte.
		<-conn.asked
		time.Sleep(pause)
		io.WriteString(far, "b")
	}()
	answer, err := read(conn, Request{Method: "GET", Target: "/"}, "example.com", time.Now())
	if err != nil || answer.FirstByte <= 0 || answer.LastByte-answer.FirstByte < pause || answer.Total < answer.LastByte {
		t.Errorf("got %+v, %v", answer, err)
	}
}
