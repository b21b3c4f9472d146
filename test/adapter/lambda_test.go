package adapter

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// limit bounds everything that a test waits for.
const limit = 60 * time.Second

// A lambda plays Lambda to one adapter: the Runtime API and the Extensions API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
type lambda struct {
	*httptest.Server
	asked    chan struct{} // one for each request for an event
	events   chan string
	results  chan *result
	closing  chan struct{}
	requests atomic.Int64

	// begun, if not nil, gets a response when its first bytes are there, and
	// then the test reads the body.
	begun chan *result
}

func newLambda(t *testing.T) *lambda {
	l := &lambda{
		asked: make(chan struct{}, 100), events: make(chan string), results: make(chan *result, 100),
		closing: make(chan struct{}),
	}
	api := http.NewServeMux()
	api.HandleFunc("GET /2018-06-01/runtime/invocation/next", l.next)
	api.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{kind}", l.result)
	api.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", "an-extension")
		io.WriteString(w, `{"functionName": "shop", "functionVersion": "$LATEST", "handler": "run.sh"}`)
	})
	api.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-l.closing:
		}
	})
	l.Server = httptest.NewServer(api)
	t.Cleanup(func() {
		close(l.closing)
		l.CloseClientConnections()
		l.Close()
	})
	return l
}

func (l *lambda) address() string { return l.Listener.Addr().String() }

func (l *lambda) next(w http.ResponseWriter, r *http.Request) {
	select {
	case l.asked <- struct{}{}:
	default: // Nobody counts so many.
	}
	select {
	case event := <-l.events:
		n := l.requests.Add(1)
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprintf("request-%d", n))
		h.Set("Lambda-Runtime-Deadline-Ms", "1790000000000")
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:shop")
		h.Set("Lambda-Runtime-Trace-Id", "Root=1-68d0-1;Sampled=0")
		io.WriteString(w, event)
	case <-r.Context().Done():
	case <-l.closing:
	}
}

func (l *lambda) result(w http.ResponseWriter, r *http.Request) {
	res := &result{kind: r.PathValue("kind"), header: r.Header, request: r, answer: make(chan int)}
	if l.begun != nil {
		l.begun <- res
		select {
		case status := <-res.answer:
			w.WriteHeader(status)
		case <-l.closing:
		}
		return
	}
	res.body, res.err = io.ReadAll(r.Body)
	l.results <- res
	w.WriteHeader(http.StatusAccepted)
}

// invoke sends an event and returns what the adapter sent for it.
func (l *lambda) invoke(t *testing.T, event string) *result {
	t.Helper()
	l.send(t, event)
	return receive(t, l.results, "a result from the adapter")
}

func (l *lambda) send(t *testing.T, event string) {
	t.Helper()
	select {
	case l.events <- event:
	case <-time.After(limit):
		t.Fatal("the adapter doesn't ask for an event")
	}
}

func receive[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(limit):
		t.Fatalf("no %s within %v", what, limit)
		panic("unreachable")
	}
}

func timeout() <-chan time.Time { return time.After(limit) }
