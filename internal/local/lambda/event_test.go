package lambda

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"
)

// JSON is an event in memory.
type JSON []byte

// Size returns its length.
func (j JSON) Size() int64 { return int64(len(j)) }

// WriteTo writes it.
func (j JSON) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(j)
	return int64(n), err
}

// Close does nothing.
func (JSON) Close() error { return nil }

// A watchedEvent counts how often it is closed.
type watchedEvent struct {
	JSON
	closed *atomic.Int32
}

func (e watchedEvent) Close() error {
	e.closed.Add(1)
	return nil
}

func watched() watchedEvent {
	return watchedEvent{JSON(`{"do":"echo","text":"text"}`), new(atomic.Int32)}
}

func (e watchedEvent) wantClosed(t *testing.T, what string) {
	t.Helper()
	eventually(t, "the event is closed, which "+what, func() bool { return e.closed.Load() == 1 })
}

// A viewer who leaves before a runtime has the event takes nothing from it: the
// handler runs all the same, as on AWS.
func TestInvoke_closes_an_event_once_a_runtime_has_it(t *testing.T) {
	f, log := newSilentFunction(t, nil)
	event := watched()
	ctx, leave := context.WithCancel(context.Background())
	invoked := make(chan error, 1)
	go func() {
		_, err := f.Invoke(ctx, event, InvokeOptions{})
		invoked <- err
	}()
	runtime := runtimeOf(t, log)
	leave()
	if err := <-invoked; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if event.closed.Load() != 0 {
		t.Error("the event was closed before the runtime had it")
	}
	if status, _, body := runtime.do("GET", invocationPath+"next", ""); status != 200 || body != string(event.JSON) {
		t.Errorf("next: %d %s", status, body)
	}
	event.wantClosed(t, "was sent")
}

func TestInvoke_closes_an_event_that_no_runtime_gets(t *testing.T) {
	none := 0
	for what, change := range map[string]func(*Config){
		"is throttled":       func(c *Config) { c.ReservedConcurrency = &none },
		"fails at the start": func(c *Config) { c.Environment = map[string]string{"INIT": "exit"} },
	} {
		t.Run(what, func(t *testing.T) {
			f, _ := newFunction(t, custom(change))
			event := watched()
			if _, err := f.Invoke(context.Background(), event, InvokeOptions{}); err == nil {
				t.Error("got no error")
			}
			event.wantClosed(t, what)
		})
	}
}

func TestInvoke_closes_an_event_that_waits(t *testing.T) {
	for what, end := range map[string]func(*Function, context.CancelFunc){
		"the viewer leaves":   func(_ *Function, leave context.CancelFunc) { leave() },
		"the function closes": func(f *Function, _ context.CancelFunc) { f.Close() },
	} {
		t.Run(what, func(t *testing.T) {
			f, _ := newFunction(t, custom(func(c *Config) {
				c.MaxEnvironments, c.MaxWait, c.Timeout = 1, time.Minute, time.Minute
			}))
			go f.Invoke(context.Background(), JSON(`{"do":"sleep","ms":60000}`), InvokeOptions{})
			eventuallyTaken(t, f, 1, 0)
			ctx, leave := context.WithCancel(context.Background())
			defer leave()
			event := watched()
			invoked := make(chan error, 1)
			go func() {
				_, err := f.Invoke(ctx, event, InvokeOptions{})
				invoked <- err
			}()
			eventuallyTaken(t, f, 1, 1)
			end(f, leave)
			if err := <-invoked; err == nil {
				t.Error("got no error")
			}
			event.wantClosed(t, "waits when "+what)
		})
	}
}
