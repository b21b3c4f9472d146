package requestlog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// logged runs a handler and returns its line and what it panicked with.
func logged(t *testing.T, r *http.Request, handler http.HandlerFunc) (line map[string]any, panicked any) {
	t.Helper()
	previous := slog.Default()
	defer slog.SetDefault(previous)
	var log bytes.Buffer
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		Middleware(handler).ServeHTTP(httptest.NewRecorder(), r)
	}()
	<-done
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("%v in %q, want one line", err, log.Bytes())
	}
	delete(line, "time")
	return line, panicked
}

func TestMiddleware_logs_how_a_request_went(t *testing.T) {
	broken := errors.New("boom")
	past, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	left, leave := context.WithCancel(context.Background())
	leave()
	for name, c := range map[string]struct {
		ctx     context.Context
		handler http.HandlerFunc
		level   string
		end     string
		status  any
		bytes   float64
		panics  any
	}{
		"nothing":   {handler: func(w http.ResponseWriter, r *http.Request) {}, level: "INFO", end: "complete", status: 200.0},
		"body":      {handler: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }, level: "INFO", end: "complete", status: 200.0, bytes: 5},
		"status":    {handler: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404); w.WriteHeader(200) }, level: "INFO", end: "complete", status: 404.0},
		"early":     {handler: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(103); w.WriteHeader(201) }, level: "INFO", end: "complete", status: 201.0},
		"error":     {handler: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) }, level: "ERROR", end: "complete", status: 503.0},
		"canceled":  {ctx: left, handler: func(w http.ResponseWriter, r *http.Request) {}, level: "INFO", end: "canceled", status: 200.0},
		"deadline":  {ctx: past, handler: func(w http.ResponseWriter, r *http.Request) {}, level: "WARN", end: "deadline", status: 200.0},
		"panic":     {handler: func(w http.ResponseWriter, r *http.Request) { panic(broken) }, level: "ERROR", end: "panicked", panics: broken},
		"mid-panic": {handler: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "12"); panic(broken) }, level: "ERROR", end: "panicked", status: 200.0, bytes: 2, panics: broken},
		"abort":     {handler: func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, level: "WARN", end: "aborted", panics: http.ErrAbortHandler},
		"Goexit":    {handler: func(w http.ResponseWriter, r *http.Request) { runtime.Goexit() }, level: "WARN", end: "aborted"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/a%2Fb?secret=1", nil)
			if c.ctx != nil {
				r = r.WithContext(c.ctx)
			}
			got, panicked := logged(t, r, c.handler)
			if panicked != c.panics {
				t.Errorf("panics with %v, want %v", panicked, c.panics)
			}
			delete(got, "durationMs")
			delete(got, "firstByteMs")
			want := map[string]any{"level": c.level, "msg": "request", "method": "POST", "path": "/a%2Fb", "bytes": c.bytes, "end": c.end}
			if c.status != nil {
				want["status"] = c.status
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMiddleware_measures_the_first_byte_and_the_end(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, _ := logged(t, httptest.NewRequest("GET", "/", nil), func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(10 * time.Millisecond)
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
			io.WriteString(w, "hello")
		})
		if got["firstByteMs"] != 10.0 || got["durationMs"] != 30.0 {
			t.Errorf("got %v, want the first byte after 10 ms and the end after 30 ms", got)
		}
	})
}

func TestMiddleware_keeps_what_the_server_offers(t *testing.T) {
	var flush, other error
	logged(t, httptest.NewRequest("GET", "/", nil), func(w http.ResponseWriter, r *http.Request) {
		flush = http.NewResponseController(w).Flush()
		other = http.NewResponseController(w).EnableFullDuplex()
	})
	if flush != nil || !errors.Is(other, http.ErrNotSupported) {
		t.Errorf("Flush returns %v and EnableFullDuplex %v, want nil and the recorder's http.ErrNotSupported", flush, other)
	}
}

// A notifier is a server's writer that gin's Context.Stream works with.
type notifier struct {
	http.ResponseWriter
	closed chan bool
}

func (n notifier) CloseNotify() <-chan bool { return n.closed }

func TestMiddleware_notifies_as_the_server_does(t *testing.T) {
	server := notifier{httptest.NewRecorder(), make(chan bool)}
	for _, test := range []struct {
		writer http.ResponseWriter
		want   <-chan bool
	}{{server, server.closed}, {httptest.NewRecorder(), nil}} {
		Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if got := w.(interface{ CloseNotify() <-chan bool }).CloseNotify(); got != test.want {
				t.Errorf("got channel %v of %T, want %v", got, test.writer, test.want)
			}
		})).ServeHTTP(test.writer, httptest.NewRequest("GET", "/", nil))
	}
}
