package lambda

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd sends n requests at once and returns how many were responded and how
// many throttled. Held responses keep their environments busy: they are read only
// when every request has a response or an error.
func crowd(t *testing.T, f *Function, n int, event string, held bool) (responded, throttled int, environments map[string]bool) {
	t.Helper()
	var mu sync.Mutex
	var group, pending sync.WaitGroup
	pending.Add(n)
	environments = make(map[string]bool)
	for range n {
		group.Go(func() {
			response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{})
			pending.Done()
			if held {
				pending.Wait()
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case isThrottled(err):
				throttled++
			case err != nil:
				t.Error(err)
			default:
				if _, err := io.Copy(io.Discard, response.Body); err != nil {
					t.Error(err)
				}
				response.Body.Close()
				responded++
				environments[response.Environment] = true
			}
		})
	}
	group.Wait()
	return responded, throttled, environments
}

func isThrottled(err error) bool {
	return errors.As(err, new(*ThrottledError))
}

// eventuallyTaken waits until none of n environments is idle and so many requests
// are in line for them.
func eventuallyTaken(t *testing.T, f *Function, n, waiting int) {
	t.Helper()
	eventually(t, "environments are busy and requests wait", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.environments) == n && len(f.idle) == 0 && len(f.waiters) == waiting
	})
}

func TestPool_throttles_what_exceeds_MaxEnvironments(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.MaxEnvironments = 4
		c.Timeout = time.Minute
	}))
	responded, throttled, environments := crowd(t, f, 200, `{"do":"echo","text":"held"}`, true)
	if responded != 4 || throttled != 196 || len(environments) != 4 {
		t.Errorf("%d responded by %d environments, %d throttled; want 4, 4 and 196", responded, len(environments), throttled)
	}
}

func TestPool_lets_requests_wait_up_to_MaxWait(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.MaxEnvironments = 4
		c.MaxWait = time.Minute
	}))
	responded, throttled, environments := crowd(t, f, 200, `{"do":"sleep","ms":2}`, false)
	if responded != 200 || throttled != 0 || len(environments) > 4 {
		t.Errorf("%d responded by %d environments, %d throttled; want all by 4", responded, len(environments), throttled)
	}
}

func TestPool_gives_the_place_of_an_ended_environment_to_the_next_request(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.MaxEnvironments = 1
		c.MaxWait = time.Minute
		c.Timeout = time.Second
	}))
	first := make(chan error)
	go func() {
		_, err := f.Invoke(context.Background(), JSON(`{"do":"sleep","ms":60000}`), InvokeOptions{})
		first <- err
	}()
	eventuallyTaken(t, f, 1, 0)
	start := time.Now()
	response, body := invoke(t, f, `{"do":"echo","text":"mine"}`)
	if took := time.Since(start); body != "mine" || response.Environment != "Greeter#2" || took > 20*time.Second {
		t.Errorf("%q from %s after %v, want it from Greeter#2 long before MaxWait", body, response.Environment, took)
	}
	var failure *FunctionError
	if err := <-first; !errors.As(err, &failure) || failure.Type != "Sandbox.Timedout" {
		t.Errorf("the first request: %v", err)
	}
}

func TestPool_waits_no_longer_than_the_viewer(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.MaxEnvironments = 1
		c.MaxWait = time.Minute
		c.Timeout = time.Minute
	}))
	go f.Invoke(context.Background(), JSON(`{"do":"sleep","ms":60000}`), InvokeOptions{})
	eventuallyTaken(t, f, 1, 0)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := f.Invoke(ctx, JSON(`{"do":"echo"}`), InvokeOptions{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestPool_Close_ends_waiting_requests(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.MaxEnvironments = 2
		c.MaxWait = time.Minute
		c.Timeout = time.Minute
	}))
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := f.Invoke(context.Background(), JSON(`{"do":"sleep","ms":60000}`), InvokeOptions{}); !errors.Is(err, ErrClosed) {
				t.Errorf("got %v, want ErrClosed", err)
			}
		})
	}
	eventuallyTaken(t, f, 2, 18)
	f.Close()
	group.Wait()
}

func TestPool_names_reserved_concurrency_as_the_reason(t *testing.T) {
	for _, reserved := range []int{0, 1} {
		f, _ := newFunction(t, custom(func(c *Config) {
			c.ReservedConcurrency = &reserved
			c.MaxWait, c.Timeout = time.Minute, time.Minute
		}))
		if reserved == 1 {
			gate, _ := newGate(t)
			response, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"gate","text":%q}`, gate)), InvokeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
		}
		_, err := f.Invoke(context.Background(), JSON(`{"do":"echo"}`), InvokeOptions{})
		var throttled *ThrottledError
		if !errors.As(err, &throttled) || throttled.Reason != "ReservedFunctionConcurrentInvocationLimitExceeded" || throttled.Limit != reserved {
			t.Fatalf("reserved %d: %v", reserved, err)
		}
		if !strings.Contains(throttled.Hint(), "ReservedConcurrentExecutions") {
			t.Errorf("hint %q", throttled.Hint())
		}
		if err := f.Start(context.Background()); err != nil {
			t.Errorf("Start: %v", err)
		}
	}
}

func TestPool_ends_idle_environments_but_the_one_used_last(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	f.idleLimit = 300 * time.Millisecond
	if responded, _, environments := crowd(t, f, 5, `{"do":"echo","text":"held"}`, true); responded != 5 || len(environments) != 5 {
		t.Fatalf("%d responses of %d environments, want 5 of 5", responded, len(environments))
	}
	eventually(t, "one environment is left", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.environments) == 1 && len(f.idle) == 1
	})
	time.Sleep(2 * f.idleLimit)
	if response, _ := invoke(t, f, `{"do":"echo"}`); response.Cold {
		t.Error("the last environment has ended too")
	}
}

func TestPool_uses_the_environment_that_was_used_last(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Timeout = time.Minute }))
	gate, open := newGate(t)
	slow, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"gate","text":%q}`, gate)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	other, _ := invoke(t, f, `{"do":"echo"}`)
	if other.Environment != "Greeter#2" {
		t.Fatalf("while the first was busy: %+v", other)
	}
	eventuallyIdle(t, f, 1)
	open()
	io.Copy(io.Discard, slow.Body)
	slow.Body.Close()
	for range 3 {
		eventuallyIdle(t, f, 2)
		if response, _ := invoke(t, f, `{"do":"echo"}`); response.Environment != "Greeter#1" {
			t.Fatalf("got %s, want Greeter#1, which was free last", response.Environment)
		}
	}
}
