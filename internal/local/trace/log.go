package trace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// maxSize is about how many bytes the traces of a log have together. The oldest go
// first.
const maxSize = 8 << 20

// A Log keeps the last traces. It is safe for concurrent use. On nil, Begin returns a
// trace that keeps its summary only, and has no id.
type Log struct {
	limit int
	last  atomic.Int64 // id

	mu       sync.Mutex
	traces   []*Trace // the oldest first
	size     int64
	dropped  int
	watchers map[chan Summary]struct{}
}

// NewLog returns a log of the last traces, up to limit. With 0 it numbers requests, and
// keeps nothing.
func NewLog(limit int) *Log {
	return &Log{limit: limit, watchers: map[chan Summary]struct{}{}}
}

type replayKey struct{}

// Begin returns the trace of a request that has arrived.
func (l *Log) Begin(r *http.Request) *Trace {
	sent := *r
	sent.Body = nil
	t := &Trace{began: time.Now(), sent: &sent}
	t.view.Summary = Summary{Begin: t.began.UTC().Truncate(time.Microsecond), Method: r.Method, Host: r.Host, Target: cut(r.URL.RequestURI(), maxText)}
	if l == nil {
		return t
	}
	t.view.ID = l.last.Add(1)
	if began, ok := r.Context().Value(replayKey{}).(chan int64); ok {
		began <- t.view.ID
	}
	if l.limit > 0 {
		t.log, t.view.Stages, sent.Header = l, make([]*Stage, 0, len(t.stages)), maps.Clone(r.Header)
		t.Enter(In, "connection", "", "")
		t.Fact("from", r.RemoteAddr)
		t.Fact("protocol", r.Proto)
		l.keep(t)
	}
	return t
}

// keep adds a trace, and drops the oldest.
func (l *Log) keep(t *Trace) {
	l.mu.Lock()
	l.traces = append(l.traces, t)
	for len(l.traces) > l.limit || l.size > maxSize && len(l.traces) > 1 {
		l.size -= l.traces[0].size
		l.traces = slices.Delete(l.traces, 0, 1)
		l.dropped++
	}
	l.mu.Unlock()
	l.publish(t)
}

// ended counts what a trace has.
func (l *Log) ended(t *Trace) {
	l.mu.Lock()
	if slices.Contains(l.traces, t) {
		t.size = t.bytes()
		l.size += t.size
	}
	l.mu.Unlock()
	l.publish(t)
}

// List returns the summaries, the newest first, and how many requests had to make room
// for newer ones.
func (l *Log) List() (list []Summary, dropped int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range slices.Backward(l.traces) {
		list = append(list, t.Summary())
	}
	return list, l.dropped
}

// Get returns what a trace shows so far.
func (l *Log) Get(id int64) (View, bool) {
	if t := l.find(id); t != nil {
		return t.View(), true
	}
	return View{}, false
}

func (l *Log) find(id int64) *Trace {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range l.traces {
		if t.view.ID == id {
			return t
		}
	}
	return nil
}

// Clear drops all traces.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.traces, l.size, l.dropped = nil, 0, 0
}

// Subscribe returns the summaries of requests that begin, get their first byte or
// another chunk, and end, until cancel. Those that nobody receives in time are lost.
func (l *Log) Subscribe() (summaries <-chan Summary, cancel func()) {
	c := make(chan Summary, 256)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers[c] = struct{}{}
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watchers, c)
	}
}

func (l *Log) publish(t *Trace) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.watchers {
		select {
		case c <- t.Summary():
		default:
		}
	}
}

// Replay sends a request again to handler, and returns the id of its new trace. Nobody
// reads the response. An error says why it can't be sent.
func (l *Log) Replay(id int64, handler http.Handler) (int64, error) {
	t := l.find(id)
	if t == nil {
		return 0, fmt.Errorf("request %d is gone", id)
	}
	began, ended := make(chan int64, 1), make(chan struct{})
	again, err := t.again(context.WithValue(context.WithoutCancel(t.sent.Context()), replayKey{}, began))
	if err != nil {
		return 0, err
	}
	go func() {
		defer close(ended)
		defer func() { _ = recover() }() // a response that is cut
		handler.ServeHTTP(nowhere{}, again)
	}()
	select {
	case id := <-began:
		return id, nil
	case <-ended:
		return 0, fmt.Errorf("request %d wasn't served again: there is no app to serve it", id)
	}
}

// again returns the request as the viewer sent it.
func (t *Trace) again(ctx context.Context) (*http.Request, error) {
	defer t.lock()()
	again, body := t.sent.WithContext(ctx), t.view.Request
	if !t.whole || body.BodyBytes > int64(len(body.start)) {
		return nil, fmt.Errorf("the body of request %d wasn't kept whole: a trace has %d bytes of it", t.view.ID, maxBody)
	}
	again.Header, again.Body = t.sent.Header.Clone(), http.NoBody
	if len(body.start) > 0 {
		again.Body = io.NopCloser(bytes.NewReader(body.start))
	}
	var err error
	again.URL, err = url.ParseRequestURI(t.sent.RequestURI)
	return again, err
}

type nowhere http.Header

func (n nowhere) Header() http.Header         { return http.Header(n) }
func (n nowhere) WriteHeader(int)             {}
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
