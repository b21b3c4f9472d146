package adapter

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/porttest"
)

func TestAdapter_says_why_the_app_is_not_ready(t *testing.T) {
	reserved := porttest.Reserve(t)
	closed, number := reserved.String(), reserved.Number()
	unhealthy := serveApp(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	closing := serveApp(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	notHTTP := serveApp(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		io.WriteString(conn, "SSH-2.0\r\n")
		conn.Close()
	})
	for _, test := range []struct {
		name, port  string
		variables   map[string]string
		listening   []int
		cause, hint string
	}{
		{
			"nothing listens", closed, nil, nil,
			"nothing listens on 127.0.0.1:" + closed, "let the app listen on $PORT (" + closed + "); if it is still starting, wait, or else",
		},
		{
			"another port", closed, nil, []int{5001, 5000},
			"nothing listens on 127.0.0.1:" + closed + "; the app listens on 5000, 5001",
			"let the app listen on $PORT (" + closed + "), or set PORT to 5000",
		},
		{
			"another address", closed, nil, []int{number},
			"the app listens on port " + closed + ", but not at 127.0.0.1", "let the app listen at 127.0.0.1 or 0.0.0.0",
		},
		{
			"an unhealthy status", unhealthy, map[string]string{"AWS_LWA_READINESS_CHECK_PATH": "/health"}, nil,
			"the app answers /health with status 503; statuses that count as ready: 100-499",
			"set AWS_LWA_READINESS_CHECK_PATH to a path that answers without an error, or add the status to AWS_LWA_READINESS_CHECK_HEALTHY_STATUS",
		},
		{"no answer", closing, nil, nil, "the app closed the connection before its answer was complete", "look for the app's own error above"},
		{
			"no HTTP", notHTTP, nil, nil,
			"the app's answer isn't HTTP: ", "let the port be the app's HTTP port, or set AWS_LWA_READINESS_CHECK_PROTOCOL to tcp",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, _ := newTestAdapter(t, test.port, test.variables, test.listening...)
			err := a.checkOnce(t.Context())
			if err == nil {
				t.Fatal("the app is ready")
			}
			if cause, hint := a.explain(err); !strings.HasPrefix(cause, test.cause) || !strings.HasPrefix(hint, test.hint) {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", cause, hint, test.cause, test.hint)
			}
		})
	}
}

// A server may listen, as gunicorn does before its first worker, since the check that
// failed.
func TestAdapter_says_that_a_server_without_a_worker_has_not_answered_yet(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	a := &adapter{reportInterval: 2 * time.Minute}
	for _, test := range []struct {
		last error
		ago  time.Duration
		want error
	}{
		{refused, time.Second, errNoAnswer},
		{refused, 0, refused},
		{unhealthyError{503}, time.Second, unhealthyError{503}},
		{unhealthyError{503}, time.Hour, errNoAnswer},
	} {
		if got := a.reason(test.last, time.Now().Add(-test.ago)); got != test.want {
			t.Errorf("%v for %v: got %v, want %v", test.last, test.ago, got, test.want)
		}
	}
}

func TestAdapter_passes_on_what_is_wrong_with_an_answer(t *testing.T) {
	a, _ := newTestAdapter(t, serveApp(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }), nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got string
	a.Unready = func(cause, hint string) {
		got = cause + "; " + hint
		cancel()
	}
	a.waitUntilReady(ctx)
	if !strings.Contains(got, "status 500") || !strings.Contains(got, "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS") {
		t.Errorf("got %q", got)
	}
}

func TestAdapter_logs_once_that_the_app_is_not_ready(t *testing.T) {
	var checks atomic.Int32
	released := make(chan struct{})
	a, log := newTestAdapter(t, serveApp(t, func(w http.ResponseWriter, _ *http.Request) {
		if checks.Add(1) > 50 {
			<-released
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}), nil)
	a.reportInterval = 200 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() {
		for !strings.Contains(log.String(), "hasn't answered yet") && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(2 * a.reportInterval) // which log no more
		cancel()
		close(released)
	}()
	a.waitUntilReady(ctx)
	if n := strings.Count(log.String(), "the app isn't ready after"); n != 2 {
		t.Errorf("got %d lines, want one for each cause:\n%s", n, log)
	}
	log.Want(t, "level=WARN", `polled="GET http://127.0.0.1:`, "status 503", "hint=")
	log.Want(t, "hasn't answered yet", "a path that answers at once")
}

func TestAdapter_reports_by_itself_after_two_seconds(t *testing.T) {
	a, log := newTestAdapter(t, porttest.Reserve(t).String(), map[string]string{"AWS_LWA_READINESS_CHECK_PROTOCOL": "tcp"})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() {
		for log.String() == "" && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	if a.waitUntilReady(ctx) {
		t.Fatal("the app is ready")
	}
	log.Want(t, "the app isn't ready after 2s", "polled=\"tcp 127.0.0.1:", "nothing listens on")
}
