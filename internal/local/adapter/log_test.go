package adapter

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newTestAdapter returns an adapter of an app at the port, and its log.
func newTestAdapter(t *testing.T, port string, variables map[string]string, listening ...int) (*adapter, *logtest.Log) {
	t.Helper()
	v := map[string]string{"PORT": port}
	for name, value := range variables {
		v[name] = value
	}
	s, err := newSettings(v)
	if err != nil {
		t.Fatal(err)
	}
	log, written := logtest.New()
	a := newAdapter(s, Options{Log: log, Listening: func() []int { return listening }})
	t.Cleanup(a.app.CloseIdleConnections)
	return a, written
}

func serveApp(t *testing.T, handler http.HandlerFunc) (port string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	_, port, _ = net.SplitHostPort(server.Listener.Addr().String())
	return port
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

func TestAdapter_says_why_the_app_is_not_ready(t *testing.T) {
	closed := closedPort(t)
	var number int
	fmt.Sscan(closed, &number)
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
	a, log := newTestAdapter(t, closedPort(t), map[string]string{"AWS_LWA_READINESS_CHECK_PROTOCOL": "tcp"})
	ctx, cancel := context.WithTimeout(t.Context(), reportInterval+500*time.Millisecond)
	defer cancel()
	if a.waitUntilReady(ctx) {
		t.Fatal("the app is ready")
	}
	log.Want(t, "the app isn't ready after 2s", "polled=\"tcp 127.0.0.1:", "nothing listens on")
}

// logOf returns what is logged about an app's response.
func logOf(t *testing.T, mode string, handler http.HandlerFunc) *logtest.Log {
	t.Helper()
	a, log := newTestAdapter(t, serveApp(t, handler), map[string]string{"AWS_LWA_INVOKE_MODE": mode})
	serveOne(t, a, "/a?b")
	return log
}

// serveOne serves one event, with a Runtime API that takes everything.
func serveOne(t *testing.T, a *adapter, target string) {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer api.Close()
	a.runtime = newRuntimeAPI(api.Listener.Addr().String())
	defer a.runtime.client.CloseIdleConnections()
	path, query, _ := strings.Cut(target, "?")
	event := fmt.Sprintf(`{"rawPath": %q, "rawQueryString": %q, "requestContext": {"http": {"method": "GET"}}}`, path, query)
	if err := a.serve(t.Context(), &invocation{event: []byte(event), id: "request-1"}); err != nil {
		t.Fatal(err)
	}
}

func TestAdapter_logs_what_the_app_does_wrong(t *testing.T) {
	log := logOf(t, "buffered", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	log.Want(t, "the app didn't respond", "path=/a?b", "the app closed the connection without a response", "cure=")

	log = logOf(t, "buffered", func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		io.WriteString(conn, "SSH-2.0\r\n")
		conn.Close()
	})
	log.Want(t, "the app didn't respond", "isn't HTTP", "cure=")

	breakOff := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		io.WriteString(w, "ok")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	logOf(t, "response_stream", breakOff).Want(t, "the app broke off its response",
		"it closed the connection; the viewer gets a complete response that ends with the adapter's error", "cure=")
	logOf(t, "buffered", breakOff).Want(t, "the app broke off its response", "it closed the connection; the invocation fails", "cure=")

	a, log := newTestAdapter(t, closedPort(t), nil)
	serveOne(t, a, "/a")
	log.Want(t, "the app didn't respond", "nothing listens on 127.0.0.1:", "cure=")

	a, log = newTestAdapter(t, closedPort(t), nil)
	serveOne(t, a, "/a?q=<b>")
	log.Want(t, "the adapter failed on a query string", `query="q=<b>"`, "let the client encode the query string")
}

func TestRun_ends_without_an_error_when_its_context_ends(t *testing.T) {
	for _, when := range []string{"before the app is ready", "while it waits for an event"} {
		t.Run(when, func(t *testing.T) {
			asked := make(chan struct{}, 1)
			api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				asked <- struct{}{}
				<-r.Context().Done()
			}))
			defer api.Close()
			port := closedPort(t)
			if when != "before the app is ready" {
				port = serveApp(t, func(http.ResponseWriter, *http.Request) {})
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() {
				done <- Run(ctx, Options{RuntimeAPI: api.Listener.Addr().String(), Variables: map[string]string{"PORT": port}})
			}()
			if when != "before the app is ready" {
				<-asked
			}
			cancel()
			if err := <-done; err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRun_rejects_variables_with_which_the_adapter_exits(t *testing.T) {
	err := Run(t.Context(), Options{Variables: map[string]string{"PORT": "abc"}})
	if err == nil || !strings.Contains(err.Error(), `PORT: "abc" isn't a port`) {
		t.Errorf("got %v", err)
	}
}
