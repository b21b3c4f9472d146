package adapter

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/porttest"
)

func TestAdapters_stream_each_chunk_at_once(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		next := make(chan struct{})
		a := listen(t, func(e *exchange) {
			e.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
			for n := range 3 {
				<-next
				e.chunk(fmt.Sprintf("data: %d\n\n", n))
			}
			<-next
			e.write("0\r\n\r\n")
		})
		l := newLambda(t)
		l.begun = make(chan *result, 1)
		i.start(t, l.address(), variables(a.port(), nil))
		l.send(t, event{}.String())
		res := receive(t, l.begun, "response")
		if mode, encoding := res.header.Get("Lambda-Runtime-Function-Response-Mode"), res.request.TransferEncoding; mode != "streaming" || len(encoding) != 1 || encoding[0] != "chunked" {
			t.Errorf("got the mode %q and the encoding %v", mode, encoding)
		}
		body := res.request.Body
		want := "200\ncontent-type: text/event-stream\n\n"
		if got := preludeText(readUntil(t, body, make([]byte, 8))); got != want {
			t.Errorf("got the prelude %q, want %q", got, want)
		}
		for n := range 3 {
			next <- struct{}{}
			if got, want := string(readUntil(t, body, []byte("\n\n"))), fmt.Sprintf("data: %d", n); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		close(next)
		if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
			t.Errorf("got %q, %v at the end", rest, err)
		}
		res.answer <- 202
		receive(t, l.asked, "request for an event")
		receive(t, l.asked, "request for another event")
	})
}

// readUntil reads up to a delimiter, which it drops, and not further.
func readUntil(t *testing.T, r io.Reader, delimiter []byte) []byte {
	t.Helper()
	var read []byte
	for one := make([]byte, 1); !bytes.HasSuffix(read, delimiter); read = append(read, one[0]) {
		if _, err := io.ReadFull(r, one); err != nil {
			t.Fatalf("%v after %q", err, read)
		}
	}
	return bytes.TrimSuffix(read, delimiter)
}

// zeros is an endless source of bytes.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestAdapter_needs_no_more_memory_for_a_longer_stream(t *testing.T) {
	const length, most = 100 << 20, 8 << 20
	a := listen(t, func(e *exchange) {
		e.write(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", length))
		io.CopyN(e.Conn, zeros{}, length)
	})
	l := newLambda(t)
	l.begun = make(chan *result, 1)
	startStandIn(t, l.address(), variables(a.port(), nil))
	l.send(t, event{}.String())
	res := receive(t, l.begun, "response")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.Copy(io.Discard, res.request.Body)
	runtime.ReadMemStats(&after)
	res.answer <- 202
	if n < length || err != nil {
		t.Errorf("got %d bytes, %v", n, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > most {
		t.Errorf("a stream of %d bytes allocated %d", length, used)
	}
}

func TestAdapters_use_one_connection(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a, l := listen(t, ok), newLambda(t)
		i.start(t, l.address(), variables(a.port(), nil))
		receive(t, l.asked, "request for an event")
		want := receive(t, a.checks, "readiness check").connection
		for range 3 {
			l.invoke(t, event{}.String())
			if got := receive(t, a.received, "request").connection; got != want {
				t.Errorf("the request came on connection %d, the readiness check on %d", got, want)
			}
		}
	})
}

func TestAdapters_go_on_after_the_app_has_crashed(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a, l := listen(t, ok), newLambda(t)
		i.start(t, l.address(), variables(a.port(), nil))
		l.invoke(t, event{}.String())
		number := a.Addr().(*net.TCPAddr).Port
		a.stop()
		port := porttest.ReserveAgain(t, number)
		if got, want := l.invoke(t, event{}.String()).String(), failed; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		serve(t, port, ok, isReady)
		if got := l.invoke(t, event{}.String()).String(); !strings.HasSuffix(got, "\n\nok") {
			t.Errorf("got %s from the app that listens again", got)
		}
	})
}

func TestAdapters_end_with_the_Runtime_API(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a, l := listen(t, ok), newLambda(t)
		r := i.start(t, l.address(), variables(a.port(), nil))
		receive(t, l.asked, "request for an event")
		l.Listener.Close()
		l.CloseClientConnections()
		if err := receive(t, r.done, "end of the adapter"); err == nil {
			t.Error("the adapter ended without an error")
		}
	})
}

func TestAdapters_end_with_Lambda_in_the_middle_of_a_response(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		gone := make(chan struct{})
		a := listen(t, func(e *exchange) {
			defer close(gone)
			e.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			for range 100_000 {
				if _, err := io.WriteString(e.Conn, "3e8\r\n"+as(1000)+"\r\n"); err != nil {
					return
				}
			}
		})
		l := newLambda(t)
		l.begun = make(chan *result, 1)
		r := i.start(t, l.address(), variables(a.port(), nil))
		l.send(t, event{}.String())
		receive(t, l.begun, "response")
		l.Listener.Close()
		l.CloseClientConnections()
		if err := receive(t, r.done, "end of the adapter"); err == nil {
			t.Error("the adapter ended without an error")
		}
		receive(t, gone, "end of the response at the app")
	})
}

func TestAdapters_ask_again_after_Lambda_has_answered_early(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a := listen(t, func(e *exchange) {
			e.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			for range 2000 {
				if _, err := io.WriteString(e.Conn, "3e8\r\n"+as(1000)+"\r\n"); err != nil {
					return
				}
			}
			e.write("0\r\n\r\n")
		})
		l := newLambda(t)
		l.begun = make(chan *result, 2)
		i.start(t, l.address(), variables(a.port(), nil))
		for range 2 {
			l.send(t, event{}.String())
			receive(t, l.begun, "response").answer <- 413
		}
		for range 3 {
			receive(t, l.asked, "request for an event")
		}
	})
}
