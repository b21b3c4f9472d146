package lambda

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// A request that waits for an environment about to return may find all of them
// busy afterwards. It is then in line like every other one, for MaxWait.
func TestPool_queues_a_request_that_has_waited_for_a_returning_environment(t *testing.T) {
	f, _, runtime := newFakeRuntime(t, func(c *Config) {
		c.MaxEnvironments = 2
		c.MaxWait, c.Timeout = time.Minute, time.Minute
	})
	count := func(n func() int) func() bool {
		return func() bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			return n() == 1
		}
	}
	first := runtime.fetch(f, "first")
	status, _, body := runtime.do("POST", invocationPath+"first/response", "done")
	runtime.want("response", 202, "OK", status, body)
	if got := <-first; got.body != "done" || got.err != nil {
		t.Fatalf("first: %+v", got)
	}

	f.mu.Lock()
	f.returnGrace = time.Second
	f.mu.Unlock()
	second := start(f, "second")
	eventually(t, "the second waits for the environment that returns", count(func() int { return len(f.waiters) }))
	f.mu.Lock()
	returning := f.waiters[0]
	f.mu.Unlock()
	start(f, "third")
	eventually(t, "the third has the other environment", count(func() int { return len(f.environments) - 1 }))
	eventually(t, "the second is in line", func() bool {
		select {
		case got := <-second:
			t.Fatalf("second: %+v, want it in line", got)
		default:
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.waiters) == 1 && f.waiters[0] != returning
	})

	if status, _, _ := runtime.do("GET", invocationPath+"next", ""); status != 200 {
		t.Fatalf("next: %d", status)
	}
	status, _, body = runtime.do("POST", invocationPath+"second/response", "at last")
	runtime.want("response", 202, "OK", status, body)
	if got := <-second; got.body != "at last" || got.err != nil {
		t.Errorf("second: %+v", got)
	}
}

// A burst of requests is served in its order, however long that takes. Only a line
// that doesn't move is given up.
func TestPool_lets_requests_wait_while_their_line_moves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &Function{
			config:       Config{MaxEnvironments: 1, MaxWait: 30 * time.Second, Timeout: time.Hour},
			log:          slog.New(slog.DiscardHandler),
			environments: map[*environment]struct{}{},
		}
		e := newEnvironment(f, "Greeter#1", nil)
		f.environments[e] = struct{}{}
		begin := time.Now()
		ended := make(chan time.Duration, 6)
		for range 6 {
			go func() {
				err := f.dispatch(t.Context(), newInvocation(t.Context(), JSON(`{}`), InvokeOptions{}))
				if (err == nil) != (time.Since(begin) < 2*time.Minute) || err != nil && !isThrottled(err) {
					t.Errorf("after %v: %v", time.Since(begin), err)
				}
				ended <- time.Since(begin)
			}()
		}
		for served := 20 * time.Second; served <= 100*time.Second; served += 20 * time.Second {
			time.Sleep(time.Until(begin.Add(served)))
			e.phase = phaseIdle
			f.release(e)
			(<-e.deliveries).reader.Close()
			e.timer.Stop()
			if got := <-ended; got != served {
				t.Errorf("a request was served after %v, want %v", got, served)
			}
		}
		if got := <-ended; got != 130*time.Second {
			t.Errorf("the last request waited for %v, want 30 s after the line stopped", got)
		}
	})
}
