package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// reject responds without a look at the body.
func reject(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "9")
	w.WriteHeader(http.StatusRequestEntityTooLarge)
	io.WriteString(w, "too large")
}

// dial connects for at most a minute.
func dial(t *testing.T, s *Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.main.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	return c
}

// respond reads one response and returns its status and body.
func respond(t *testing.T, c io.Reader) string {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err.Error()
	}
	body, err := io.ReadAll(resp.Body)
	return fmt.Sprintf("%d %s %v, close %v", resp.StatusCode, body, err, resp.Close)
}

const rejected = "413 too large <nil>, close true"

// Python's urllib sends everything before it reads anything.
func TestServer_takes_a_body_that_nobody_reads_before_it_closes(t *testing.T) {
	s, log := start(t, reject)
	s.drain = time.Minute
	for _, size := range []int{1, 300 << 10, 20 << 20} {
		for _, chunked := range []bool{false, true} {
			c := dial(t, s)
			body := strings.Repeat("x", size)
			head, rest := fmt.Sprintf("Content-Length: %d", size), body
			if chunked {
				head, rest = "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", size, body)
			}
			if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\n"+head+"\r\n\r\n"+rest); err != nil {
				t.Errorf("sending %d bytes, chunked %v: %v", size, chunked, err)
			}
			if got := respond(t, c); got != rejected {
				t.Errorf("%d bytes, chunked %v: got %s, want %s", size, chunked, got, rejected)
			}
			if n, err := c.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("%d bytes, chunked %v: after the response came %d bytes, %v", size, chunked, n, err)
			}
		}
	}
	if log.String() != "" {
		t.Errorf("got %s", log)
	}
}

func TestServer_responds_before_the_end_of_a_body(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"nothing read": reject,
		"closed": func(w http.ResponseWriter, r *http.Request) {
			r.Body.Close()
			if n, err := r.Body.Read(make([]byte, 1)); n != 0 || err != http.ErrBodyReadAfterClose {
				t.Errorf("after Close: read %d bytes, %v", n, err)
			}
			reject(w, r)
		},
		"some read": func(w http.ResponseWriter, r *http.Request) {
			io.ReadFull(r.Body, make([]byte, 5))
			reject(w, r)
		},
		"implicit status": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "early") },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := start(t, handler)
			s.drain = time.Minute
			c := dial(t, s)
			io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nten bytes.")
			want := rejected
			if name == "implicit status" {
				want = "200 early <nil>, close true"
				// Its end comes with that of the request.
				io.WriteString(c, strings.Repeat("x", 90))
			}
			if got := respond(t, c); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestServer_goes_on_with_a_connection_whose_body_was_read(t *testing.T) {
	s, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		reject(w, r)
	})
	request := "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
	got := talk(t, s.main.Addr(), request+"\r\nbody"+request+"Connection: close\r\n\r\nbody")
	if strings.Count(got, "too large") != 2 {
		t.Errorf("got %q, want two responses", got)
	}
}

func TestServer_gives_up_on_a_body_that_nobody_reads(t *testing.T) {
	t.Run("after a time", func(t *testing.T) {
		s, log := start(t, reject)
		s.drain = 50 * time.Millisecond
		got := talk(t, s.main.Addr(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nten bytes.") // until the server closes
		if !strings.HasSuffix(got, "too large") {
			t.Errorf("got %q", got)
		}
		log.Want(t, "cut a request that had its response", "within 10 more bytes and 50ms", "method=POST path=/")
	})
	t.Run("after many bytes", func(t *testing.T) {
		s, log := start(t, reject)
		s.drain = time.Hour
		c := dial(t, s)
		io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
		piece := make([]byte, 1<<20)
		sent := 0
		for sent < 1000 {
			if _, err := c.Write(piece); err != nil {
				break
			}
			sent++
		}
		if sent == 1000 {
			t.Error("all of the body was taken")
		}
		log.Want(t, fmt.Sprintf("within %d more bytes", maxDrained))
	})
}

// A client that waits for "100 Continue" sends no body after another response.
func TestServer_waits_for_no_body_that_it_did_not_ask_for(t *testing.T) {
	s, log := start(t, reject)
	s.drain = time.Hour
	got := talk(t, s.main.Addr(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	if !strings.HasPrefix(got, "HTTP/1.1 413") || !strings.HasSuffix(got, "too large") || log.String() != "" {
		t.Errorf("got %q, log %s", got, log)
	}
}
