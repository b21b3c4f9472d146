package adapter

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
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
		cause, cure string
	}{
		{
			"nothing listens", closed, nil, nil,
			"nothing listens on 127.0.0.1:" + closed, "let the app listen on $PORT (" + closed + "); if it is still starting, wait",
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
		{
			"no healthy status", unhealthy, map[string]string{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": ""}, nil,
			"the app answers / with status 503; statuses that count as ready: none", "set AWS_LWA_READINESS_CHECK_PATH to",
		},
		{"no answer", closing, nil, nil, "the app closed the connection without an answer", "look for the app's own error above"},
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
			if cause, cure := a.notReady(err); !strings.HasPrefix(cause, test.cause) || !strings.HasPrefix(cure, test.cure) {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", cause, cure, test.cause, test.cure)
			}
		})
	}
}

func TestAdapter_says_that_a_server_without_a_worker_has_not_answered_yet(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // nothing accepts, as before gunicorn's first worker
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := listener.Addr().(*net.TCPAddr)
	a, log := newTestAdapter(t, strconv.Itoa(address.Port), nil, address.Port)
	w := a.watch()
	defer w.stop()
	w.end(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}) // it came just before the server listened
	w.begin()
	w.report()
	log.Want(t, "the app accepted the connection, but hasn't answered yet", "if it is still starting, wait")
	if strings.Contains(log.String(), "but not at") {
		t.Errorf("got %s", log)
	}
}

func TestAdapter_passes_on_what_is_wrong_with_an_answer(t *testing.T) {
	a, _ := newTestAdapter(t, serveApp(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }), nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got string
	a.unready = func(cause, cure string) {
		got = cause + "; " + cure
		cancel()
	}
	a.waitUntilReady(ctx)
	if !strings.Contains(got, "status 500") || !strings.Contains(got, "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS") {
		t.Errorf("got %q", got)
	}
}

func TestAdapter_logs_once_that_the_app_is_not_ready(t *testing.T) {
	a, log := newTestAdapter(t, "5000", nil)
	w := a.watch()
	w.end(unhealthyError{503})
	w.begin()
	w.report()
	w.report()
	w.since = w.since.Add(-reportInterval)
	w.report()
	w.stop()
	w.report()
	if n := strings.Count(log.String(), "the app isn't ready after"); n != 2 {
		t.Errorf("got %d lines, want one for each cause:\n%s", n, log)
	}
	log.Want(t, "level=WARN", `polled="GET http://127.0.0.1:5000/"`, "status 503", "cure=")
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
