package graph

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
	return do(name, func(_ context.Context, task *Task[string]) (string, error) {
		for {
			if err := task.Token("x"); err != nil {
				return "", err
			}
		}
	})
}

func TestRun_ends_with_its_context(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waiting := do("a", func(ctx context.Context, _ *Task[string]) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("the time is up"))
		defer cancel()
		events := &recorder{t: t}
		_, err := build(t, []Node[string]{waiting, say("b", "")}, to("a", "b")).Run(ctx, "", events.send)
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
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errLeft)
		defer cancel()
		events := &recorder{t: t}
		build(t, []Node[string]{failing("a", 9, Retry{Attempts: 9, Backoff: time.Hour, MaxBackoff: time.Hour})}).Run(ctx, "", events.send)
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
	build(t, []Node[string]{talkative("a")}).Run(ctx, "", events.send)
	events.check(`
		run_started
		run_canceled: the viewer left`)
}

func TestRun_stops_all_nodes_when_an_event_cannot_be_sent(t *testing.T) {
	g := build(t, []Node[string]{say("fan", ""), talkative("a"), talkative("b"), talkative("c")}, to("fan", "a"), to("fan", "b"), to("fan", "c"))
	sent := 0
	_, err := g.Run(t.Context(), "", func(Event[string]) error {
		if sent++; sent == 100 {
			return errLeft
		}
		return nil
	})
	if err != errLeft || sent != 100 {
		t.Errorf("got %v after %d events, want the error of the 100th and no more", err, sent)
	}
}

func TestRun_reports_that_the_last_event_cannot_be_sent(t *testing.T) {
	_, err := build(t, []Node[string]{say("a", "")}).Run(t.Context(), "", func(e Event[string]) error {
		if e.Type == RunFinished {
			return errLeft
		}
		return nil
	})
	if err != errLeft {
		t.Errorf("got %v, want %v", err, errLeft)
	}
}

func TestRun_waits_for_a_slow_viewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		source := do("a", func(_ context.Context, task *Task[string]) (string, error) {
			for range 3 {
				made++
				if err := task.Token("x"); err != nil {
					return "", err
				}
			}
			return "", nil
		})
		viewer := make(chan Event[string])
		go build(t, []Node[string]{source}).Run(t.Context(), "", func(e Event[string]) error {
			viewer <- e
			return nil
		})
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

func TestTask_sends_nothing_after_its_attempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late error
		done := make(chan struct{})
		g := build(t, []Node[string]{do("a", func(_ context.Context, task *Task[string]) (string, error) {
			go func() {
				defer close(done)
				time.Sleep(time.Second)
				late = task.Token("late")
			}()
			return "", nil
		}), do("b", func(context.Context, *Task[string]) (string, error) {
			time.Sleep(time.Minute)
			return "", nil
		})}, to("a", "b"))
		events := &recorder{t: t}
		g.Run(t.Context(), "", events.send)
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
