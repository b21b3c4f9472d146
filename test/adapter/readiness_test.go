package adapter

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/porttest"
)

// pause is how long a test watches for what must not happen.
const pause = 200 * time.Millisecond

// asksNothing fails if the adapter asks for an event.
func asksNothing(t *testing.T, l *lambda) {
	t.Helper()
	select {
	case <-l.asked:
		t.Error("the adapter asks for an event before the app is ready")
	case <-time.After(pause):
	}
}

func TestAdapters_wait_until_the_app_listens(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		port, l := porttest.Reserve(t), newLambda(t)
		i.start(t, l.address(), variables(port.String(), nil))
		asksNothing(t, l)
		serve(t, port, ok, isReady)
		receive(t, l.asked, "request for an event")
	})
}

func TestAdapters_wait_for_a_healthy_status(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		unhealthy string
		healthy   string
	}{
		{"by default", nil, "500", "499"},
		{"listed", with("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "200-299, 301"), "404", "301"},
		{"by the older variable", with("AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS", "400"), "400", "399"},
		{"by both", with("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "503", "AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS", "400"), "200", "503"},
	} {
		t.Run(test.name, func(t *testing.T) {
			each(t, func(t *testing.T, i implementation) {
				var ready atomic.Bool
				a, l := serve(t, porttest.Reserve(t), ok, func(e *exchange) {
					status := test.unhealthy
					if ready.Load() {
						status = test.healthy
					}
					e.write("HTTP/1.1 " + status + " Status\r\nContent-Length: 0\r\n\r\n")
				}), newLambda(t)
				i.start(t, l.address(), variables(a.port(), test.variables))
				for range 2 {
					receive(t, a.checks, "readiness check")
				}
				asksNothing(t, l)
				ready.Store(true)
				receive(t, l.asked, "request for an event")
			})
		})
	}
}

func TestAdapters_poll_the_path_and_port_of_the_check(t *testing.T) {
	for _, test := range []struct {
		name, path, line string
		by               map[string]string // but for the port
		portBy           string
	}{
		{"by default", "", "GET / HTTP/1.1", nil, ""},
		{"by the path", "", "GET /health?full=1 HTTP/1.1", with("AWS_LWA_READINESS_CHECK_PATH", "/a/../health?full=1#x"), ""},
		{"by the older path", "", "GET /health HTTP/1.1", with("READINESS_CHECK_PATH", "/health"), ""},
		{"by an empty path", "", "GET / HTTP/1.1", with("AWS_LWA_READINESS_CHECK_PATH", ""), ""},
		{"by a query string", "", "GET /?x HTTP/1.1", with("AWS_LWA_READINESS_CHECK_PATH", "?x"), ""},
		{"by the port", "", "GET / HTTP/1.1", nil, "AWS_LWA_READINESS_CHECK_PORT"},
		{"by the older port", "", "GET / HTTP/1.1", nil, "READINESS_CHECK_PORT"},
		{"by the protocol", "", "GET / HTTP/1.1", with("AWS_LWA_READINESS_CHECK_PROTOCOL", "HTTP"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			each(t, func(t *testing.T, i implementation) {
				a, l, more := listen(t, ok), newLambda(t), map[string]string{}
				port := a.port()
				for name, value := range test.by {
					more[name] = value
				}
				if test.portBy != "" {
					more[test.portBy] = port
					port = porttest.Reserve(t).String()
				}
				i.start(t, l.address(), variables(port, more))
				receive(t, l.asked, "request for an event")
				check := receive(t, a.checks, "readiness check")
				if got, want := check.line+"\n"+strings.Join(check.header, "\n"), test.line+"\nhost: 127.0.0.1:"+a.port(); got != want {
					t.Errorf("the check is\n%s, want\n%s", got, want)
				}
			})
		})
	}
}

func TestAdapters_find_the_app_by_PORT(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a, l := listen(t, ok), newLambda(t)
		v := variables("", map[string]string{"PORT": a.port(), "AWS_LWA_HOST": "localhost"})
		delete(v, "AWS_LWA_PORT")
		i.start(t, l.address(), v)
		l.invoke(t, event{}.String())
		receive(t, a.received, "request")
	})
}

func TestAdapters_check_by_TCP_without_a_request(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a, l := serve(t, porttest.Reserve(t), ok, func(*exchange) {}), newLambda(t)
		i.start(t, l.address(), variables(a.port(), with("AWS_LWA_READINESS_CHECK_PROTOCOL", "TCP")))
		receive(t, l.asked, "request for an event")
		if len(a.checks) > 0 {
			t.Errorf("the adapter sent %s", (<-a.checks).line)
		}
	})
}

func TestAdapters_wait_for_the_answer_to_a_check(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		answer := make(chan struct{})
		a, l := serve(t, porttest.Reserve(t), ok, func(e *exchange) {
			<-answer
			e.write(ready)
		}), newLambda(t)
		i.start(t, l.address(), variables(a.port(), nil))
		receive(t, a.checks, "readiness check")
		asksNothing(t, l)
		if n := len(a.checks); n != 0 {
			t.Errorf("the adapter polled %d more times, want one check that waits", n)
		}
		close(answer)
		receive(t, l.asked, "request for an event")
	})
}

// It takes as long as the adapter waits with asynchronous init: 9.8 seconds.
func TestAdapters_with_async_init_ask_before_the_app_is_ready(t *testing.T) {
	for _, name := range []string{"AWS_LWA_ASYNC_INIT", "ASYNC_INIT"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, i implementation) {
				t.Parallel()
				port, l := porttest.Reserve(t), newLambda(t)
				start := time.Now()
				i.start(t, l.address(), variables(port.String(), map[string]string{name: "true"}))
				receive(t, l.asked, "request for an event")
				if waited := time.Since(start); waited < 9*time.Second {
					t.Errorf("the adapter asked for an event after %v", waited)
				}
				l.send(t, event{}.String())
				a := serve(t, port, ok, isReady)
				if got := receive(t, l.results, "result").kind; got != "response" {
					t.Errorf("got a result of kind %s", got)
				}
				receive(t, a.received, "request")
				if got := l.invoke(t, event{}.String()).kind; got != "response" {
					t.Errorf("got a second result of kind %s", got)
				}
			})
		})
	}
}

func TestAdapters_without_async_init_wait_on(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		l := newLambda(t)
		i.start(t, l.address(), variables(porttest.Reserve(t).String(), with("AWS_LWA_ASYNC_INIT", "false")))
		asksNothing(t, l)
	})
}
