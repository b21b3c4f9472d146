package graph

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("broken")

// failing returns a node that fails some times and then says "ok".
func failing(name string, times int, retry Retry) Node[string] {
	return Node[string]{Name: name, Retry: retry, Run: func(_ context.Context, task *Task[string]) (string, error) {
		if err := task.Token("t"); err != nil {
			return "", err
		}
		if task.Attempt <= times {
			return "", errBroken
		}
		return "ok", nil
	}}
}

func TestRun_tries_again_what_may_pass(t *testing.T) {
	const once = `
		run_started
		node_started a
		token a: t
		node_failed a: broken
		run_failed: the node a failed: broken`
	for name, c := range map[string]struct {
		node Node[string]
		want string
	}{
		"until it works": {failing("a", 2, Retry{Attempts: 3}), `
			run_started
			node_started a
			token a: t
			node_retrying a: broken
			node_started a#2
			token a#2: t
			node_retrying a#2: broken
			node_started a#3
			token a#3: t
			node_finished a#3: ok
			run_finished: ok`},
		"as often as it may": {failing("a", 9, Retry{Attempts: 2}), `
			run_started
			node_started a
			token a: t
			node_retrying a: broken
			node_started a#2
			token a#2: t
			node_failed a#2: broken
			run_failed: the node a failed: broken`},
		"not by default":      {failing("a", 1, Retry{}), once},
		"not what can't pass": {failing("a", 1, Retry{Attempts: 3, If: func(err error) bool { return err != errBroken }}), once},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				events := &recorder{t: t}
				_, err := build(t, []Node[string]{c.node}).Run(t.Context(), "", events.send)
				events.check(c.want)
				var node *NodeError
				if failed := strings.Contains(c.want, "run_failed"); failed != errors.Is(err, errBroken) || failed != errors.As(err, &node) {
					t.Errorf("got the error %v", err)
				}
			})
		})
	}
}

func TestRetry_waits_longer_each_time_up_to_a_limit(t *testing.T) {
	r := Retry{Backoff: time.Second, MaxBackoff: 5 * time.Second}
	for attempt, longest := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 4: 5 * time.Second, 1000: 5 * time.Second} {
		for range 100 {
			if got := r.wait(attempt); got < longest/2 || got > longest {
				t.Errorf("after attempt %d it waits %v, want %v to %v", attempt, got, longest/2, longest)
			}
		}
	}
	if got := (Retry{}).wait(1); got < 250*time.Millisecond || got > 500*time.Millisecond {
		t.Errorf("by default it waits %v, want 250 to 500 ms", got)
	}
}

func TestRun_ends_a_node_at_its_timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := do("a", func(ctx context.Context, _ *Task[string]) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		node.Timeout, node.Retry = 10*time.Second, Retry{Attempts: 2, Backoff: time.Second}
		events := &recorder{t: t}
		_, err := build(t, []Node[string]{node}).Run(t.Context(), "", events.send)
		events.check(`
			run_started
			node_started a
			node_retrying a: it took longer than 10s
			node_started a#2
			node_failed a#2: it took longer than 10s
			run_failed: the node a failed: it took longer than 10s`)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want a context.DeadlineExceeded", err)
		}
	})
}

func TestRun_cancels_the_others_when_a_node_fails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waiting := func(name string) Node[string] {
			return do(name, func(ctx context.Context, _ *Task[string]) (string, error) {
				<-ctx.Done()
				return "", ctx.Err()
			})
		}
		g := build(t, []Node[string]{
			say("fan", ""),
			waiting("left"),
			do("right", func(context.Context, *Task[string]) (string, error) {
				time.Sleep(time.Second)
				return "", errBroken
			}),
			say("join", ""),
		}, to("fan", "left", "join"), to("fan", "right", "join"))
		events := &recorder{t: t}
		g.Run(t.Context(), "", events.send)
		events.check(`
			run_started
			node_started fan
			node_finished fan
			node_started left
			node_started right
			node_failed right: broken
			node_canceled left: the node right failed: broken
			run_failed: the node right failed: broken`)
	})
}

func TestRun_survives_a_panic_of_Retry_If(t *testing.T) {
	node := do("a", func(context.Context, *Task[string]) (string, error) { return "", errBroken })
	node.Retry = Retry{Attempts: 2, If: func(error) bool { panic("boom") }}
	events := &recorder{t: t}
	build(t, []Node[string]{node}).Run(t.Context(), "", events.send)
	events.check(`
		run_started
		node_started a
		node_failed a: it panicked: boom
		run_failed: the node a failed: it panicked: boom`)
}

func TestRun_survives_panics_and_Goexit(t *testing.T) {
	for want, f := range map[string]func(){
		"it panicked: boom":              func() { panic("boom") },
		"the node called runtime.Goexit": runtime.Goexit,
	} {
		events := &recorder{t: t}
		_, err := build(t, []Node[string]{do("a", func(context.Context, *Task[string]) (string, error) {
			f()
			return "", nil
		})}).Run(t.Context(), "", events.send)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		var panicked *PanicError
		if errors.As(err, &panicked) && !strings.Contains(string(panicked.Stack), "failure_test.go") {
			t.Errorf("got the stack %s, want it to lead here", panicked.Stack)
		}
	}
}
