package adapter

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/porttest"
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
	a := newAdapter(s, Options{Log: log, Listening: func() []int { return listening }, Unready: func(string, string) {}})
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

// serveOne serves one event, with a Runtime API that takes everything.
// It returns what that gets.
func serveOne(t *testing.T, a *adapter, target string) string {
	t.Helper()
	var got []byte
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got, _ = io.ReadAll(r.Body) }))
	defer api.Close()
	a.runtime = newRuntimeAPI(api.Listener.Addr().String())
	defer a.runtime.client.CloseIdleConnections()
	path, query, _ := strings.Cut(target, "?")
	event := fmt.Sprintf(`{"rawPath": %q, "rawQueryString": %q, "requestContext": {"http": {"method": "GET"}}}`, path, query)
	if err := a.serve(t.Context(), &invocation{event: []byte(event), id: "request-1"}); err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// breakOff ends a response before its end.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "10")
	io.WriteString(w, "ok")
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func TestAdapter_logs_a_stream_that_the_app_cuts(t *testing.T) {
	a, log := newTestAdapter(t, serveApp(t, breakOff), map[string]string{"AWS_LWA_INVOKE_MODE": "response_stream"})
	serveOne(t, a, "/a?b")
	log.Want(t, "the app didn't respond to the end; the viewer gets a response that looks complete", "closed the connection", "path=/a?b", "hint=")
}

func TestAdapter_tells_Lambda_what_is_wrong(t *testing.T) {
	healthy := serveApp(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-A", "\xfc") })
	for _, test := range []struct{ variable, value, port, target, want string }{
		{"", "", porttest.Reserve(t).String(), "/", "nothing listens on 127.0.0.1:"},
		{"", "", healthy, "/", "the header X-A of the app's response isn't UTF-8"},
		{"", "", serveApp(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "/", "before its answer was complete; look for the app's own error"},
		{"", "", serveApp(t, breakOff), "/", "before its answer was complete"},
		{"", "", serveApp(t, func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := http.NewResponseController(w).Hijack()
			io.WriteString(conn, "SSH-2.0\r\n")
			conn.Close()
		}), "/", "isn't HTTP"},
		{"AWS_LWA_ERROR_STATUS_CODES", "200", healthy, "/", "status 200, which AWS_LWA_ERROR_STATUS_CODES lists"},
	} {
		a, _ := newTestAdapter(t, test.port, nil)
		if test.variable != "" {
			a, _ = newTestAdapter(t, test.port, map[string]string{test.variable: test.value})
		}
		if got := serveOne(t, a, test.target); !strings.Contains(got, `"errorType":"WebAppError"`) || !strings.Contains(got, test.want) {
			t.Errorf("Lambda got %s, want %s", got, test.want)
		}
	}
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
			port := porttest.Reserve(t).String()
			if when != "before the app is ready" {
				port = serveApp(t, func(http.ResponseWriter, *http.Request) {})
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() {
				done <- Run(ctx, Options{
					RuntimeAPI: api.Listener.Addr().String(), Variables: map[string]string{"PORT": port}, Log: slog.New(slog.DiscardHandler),
					Listening: func() []int { return nil }, Unready: func(string, string) {},
				})
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
