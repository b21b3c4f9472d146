package flow

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var errLeft = errors.New("the viewer left")

// talkative sends tokens until it can't, and returns why.
func talkative(name string) Node[string] {
	return do(name, func(_ context.Context, token func(string) error) (string, error) {
		for {
			if err := token("x"); err != nil {
				return "", err
			}
		}
	})
}

func TestRun_ends_with_its_context(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("the time is up"))
		defer cancel()
		events := &recorder{t: t}
		_, err := Run(ctx, events.send, inTurn(waiting("a"), say("b", "")))
		events.check(`
			run_started
			node_started a
			node_canceled a: the time is up
			run_canceled: the time is up`)
		if err == nil || err.Error() != "the time is up" {
			t.Errorf("got %v, want the context's cause", err)
		}
	})
}

func TestRun_ends_with_its_context_between_attempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, errLeft)
		defer cancel()
		events := &recorder{t: t}
		Run(ctx, events.send, inTurn(failing("a", 9, 9, nil)))
		events.check(`
			run_started
			node_started a
			token a: t
			node_retrying a: broken
			node_canceled a: the viewer left
			run_canceled: the viewer left`)
	})
}

func TestRun_does_nothing_after_its_context(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errLeft)
	events := &recorder{t: t}
	Run(ctx, events.send, inTurn(talkative("a")))
	events.check(`
		run_started
		run_canceled: the viewer left`)
}

func TestRun_stops_all_nodes_when_an_event_cannot_be_sent(t *testing.T) {
	sent := 0
	_, err := Run(t.Context(), func(Event[string]) error {
		if sent++; sent == 100 {
			return errLeft
		}
		return nil
	}, atOnce(talkative("a"), talkative("b"), talkative("c")))
	if err != errLeft || sent != 100 {
		t.Errorf("got %v after %d events, want the error of the 100th and no more", err, sent)
	}
}

func TestRun_reports_that_the_last_event_cannot_be_sent(t *testing.T) {
	_, err := Run(t.Context(), func(e Event[string]) error {
		if e.Type == RunFinished {
			return errLeft
		}
		return nil
	}, inTurn(say("a", "")))
	if err != errLeft {
		t.Errorf("got %v, want %v", err, errLeft)
	}
}

func TestRun_waits_for_a_slow_viewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		source := do("a", func(_ context.Context, token func(string) error) (string, error) {
			for range 3 {
				made++
				if err := token("x"); err != nil {
					return "", err
				}
			}
			return "", nil
		})
		viewer := make(chan Event[string])
		go Run(t.Context(), func(e Event[string]) error {
			viewer <- e
			return nil
		}, inTurn(source))
		for range 2 { // run_started and node_started
			<-viewer
		}
		for want := 1; want <= 3; want++ {
			time.Sleep(time.Hour)
			synctest.Wait()
			if made != want {
				t.Errorf("the node has made %d tokens while the viewer waited for number %d", made, want)
			}
			<-viewer
		}
		for range 2 {
			<-viewer
		}
	})
}

func TestRun_sends_nothing_of_a_node_after_its_attempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late error
		done := make(chan struct{})
		events := &recorder{t: t}
		Run(t.Context(), events.send, inTurn(do("a", func(_ context.Context, token func(string) error) (string, error) {
			go func() {
				defer close(done)
				time.Sleep(time.Second)
				late = token("late")
			}()
			return "", nil
		}), do("b", func(context.Context, func(string) error) (string, error) {
			time.Sleep(time.Minute)
			return "", nil
		})))
		<-done
		events.check(`
			run_started
			node_started a
			node_finished a
			node_started b
			node_finished b
			run_finished`)
		if late == nil {
			t.Error("a token after the end of its node was taken")
		}
	})
}
