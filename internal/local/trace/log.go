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
	limit   int
	last    atomic.Int64 // id
	meaning atomic.Value // func(value string) string

	mu      sync.Mutex
	traces  []*Trace // the oldest first
	size    int64
	changes int64 // how many there were, of all traces
}

// NewLog returns a log of the last traces, up to limit. With 0 it numbers requests, and
// keeps nothing.
func NewLog(limit int) *Log {
	return &Log{limit: limit}
}

// Explain sets what says of which construct a value is, "" of none. Ids are made up here,
// and nobody could tell.
func (l *Log) Explain(meaning func(value string) string) {
	if l != nil {
		l.meaning.Store(meaning)
	}
}

func (l *Log) meaningOf(value string) string {
	if of, ok := l.meaning.Load().(func(string) string); ok {
		return of(value)
	}
	return ""
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
		t.log, t.view.Stages, sent.Header = l, make([]*Stage, 0, 12), maps.Clone(r.Header)
		t.Enter(In, "connection", "", "")
		t.Fact("from", r.RemoteAddr)
		t.Fact("protocol", r.Proto)
		l.keep(t)
	}
	return t
}

func (l *Log) keep(t *Trace) {
	l.mu.Lock()
	l.traces = append(l.traces, t)
	for len(l.traces) > l.limit || l.size > maxSize && len(l.traces) > 1 {
		l.size -= l.traces[0].size
		l.traces = slices.Delete(l.traces, 0, 1)
	}
	l.mu.Unlock()
	t.touch()
}

func (l *Log) ended(t *Trace) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.Contains(l.traces, t) {
		t.size = t.bytes()
		l.size += t.size
	}
}

// bytes returns about how much memory the trace takes. What stages state and change is
// mostly in the headers too: a value is in a change and in what is signed.
func (t *Trace) bytes() int64 {
	defer t.lock()()
	v := &t.view
	n := 6000 + cap(v.Request.start) + cap(v.Response.start) + 16*cap(v.Chunks)
	for _, header := range []http.Header{t.sent.Header, t.header} {
		for _, values := range header {
			n += 200 + 4*len(join(values))
		}
	}
	for _, line := range v.Logs {
		n += 40 + len(line.Text)
	}
	return int64(n)
}

// Since returns the summaries of requests that have changed after a state of the log, the
// newest first, and its state now. At 0, all have.
func (l *Log) Since(state int64) (changed []Summary, now int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range slices.Backward(l.traces) {
		if t.changed > state {
			changed = append(changed, t.Summary())
		}
	}
	return changed, l.changes
}

// touch records that the trace has changed. The caller doesn't hold t.mu.
func (t *Trace) touch() {
	if t.log != nil {
		t.log.mu.Lock()
		defer t.log.mu.Unlock()
		t.log.changes++
		t.changed = t.log.changes
	}
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
	l.traces, l.size = nil, 0
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
