package flow

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("broken")

// failing returns a node that fails some times and then says "ok".
func failing(name string, times, attempts int, again func(error) bool) Node[string] {
	attempt := 0
	return Node[string]{Name: name, Attempts: attempts, Again: again, Run: func(_ context.Context, token func(string) error) (string, error) {
		if err := token("t"); err != nil {
			return "", err
		}
		if attempt++; attempt <= times {
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
		"until it works": {failing("a", 2, 3, nil), `
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
		"as often as it may": {failing("a", 9, 2, nil), `
			run_started
			node_started a
			token a: t
			node_retrying a: broken
			node_started a#2
			token a#2: t
			node_failed a#2: broken
			run_failed: the node a failed: broken`},
		"not by default":      {failing("a", 1, 0, nil), once},
		"not what can't pass": {failing("a", 1, 3, func(err error) bool { return err != errBroken }), once},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				events := &recorder{t: t}
				_, err := Run(t.Context(), events.send, inTurn(c.node))
				events.check(c.want)
				var node *NodeError
				if failed := strings.Contains(c.want, "run_failed"); failed != errors.Is(err, errBroken) || failed != errors.As(err, &node) {
					t.Errorf("got the error %v", err)
				}
			})
		})
	}
}

func TestRun_waits_longer_before_each_attempt(t *testing.T) {
	for attempt, longest := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second} {
		for range 100 {
			if got := waitAfter(attempt); got < longest/2 || got > longest {
				t.Errorf("after attempt %d it waits %v, want %v to %v", attempt, got, longest/2, longest)
			}
		}
	}
}

func waiting(name string) Node[string] {
	return do(name, func(ctx context.Context, _ func(string) error) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	})
}

func TestRun_ends_a_node_at_its_timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := waiting("a")
		node.Timeout, node.Attempts = 10*time.Second, 2
		events := &recorder{t: t}
		_, err := Run(t.Context(), events.send, inTurn(node))
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
		events := &recorder{t: t}
		Run(t.Context(), events.send, atOnce(waiting("left"), do("right", func(context.Context, func(string) error) (string, error) {
			time.Sleep(time.Second)
			return "", errBroken
		})))
		events.check(`
			run_started
			node_started left
			node_started right
			node_failed right: broken
			node_canceled left: the node right failed: broken
			run_failed: the node right failed: broken`)
	})
}

func TestRun_survives_panics(t *testing.T) {
	events := &recorder{t: t}
	_, err := Run(t.Context(), events.send, inTurn(do("a", func(context.Context, func(string) error) (string, error) { panic("boom") })))
	var panicked *PanicError
	if !errors.As(err, &panicked) || !strings.Contains(err.Error(), "it panicked: boom") || !strings.Contains(string(panicked.Stack), "failure_test.go") {
		t.Errorf("got %v, want the panic with a stack that leads here", err)
	}
}
