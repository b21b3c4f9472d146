package flow

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun_streams_the_tokens_and_the_output_of_each_node(t *testing.T) {
	words := do("a", func(_ context.Context, token func(string) error) (string, error) {
		for _, word := range strings.Fields("one two") {
			if err := token(word); err != nil {
				return "", err
			}
		}
		return "ONE TWO", nil
	})
	events := &recorder{t: t}
	got, err := Run(t.Context(), events.send, func(f *Flow[string]) (string, error) {
		output, err := f.Do(words)
		if err != nil {
			return "", err
		}
		return f.Do(say("b", output+"!"))
	})
	if got != "ONE TWO!" || err != nil {
		t.Errorf("got %q and %v, want the output of b", got, err)
	}
	events.check(`
		run_started
		node_started a
		token a: one
		token a: two
		node_finished a: ONE TWO
		node_started b
		node_finished b: ONE TWO!
		run_finished: ONE TWO!`)
}

func TestRun_reports_what_it_skips_before_tokens(t *testing.T) {
	skipped := do("b", func(context.Context, func(string) error) (string, error) { panic("it runs") })
	skipped.Skip = true
	talks := do("c", func(_ context.Context, token func(string) error) (string, error) { return "c", token("x") })
	events := &recorder{t: t}
	got, err := Run(t.Context(), events.send, atOnce(talks, skipped))
	if got != "c" || err != nil {
		t.Errorf("got %q and %v, want the output of the other node", got, err)
	}
	events.check(`
		run_started
		node_started c
		node_skipped b
		token c: x
		node_finished c: c
		run_finished: c`)
}

func TestRun_runs_nodes_side_by_side_and_waits_for_all_of_them(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		after := func(name string, d time.Duration) Node[string] {
			return do(name, func(context.Context, func(string) error) (string, error) {
				time.Sleep(d)
				return name, nil
			})
		}
		events, began := &recorder{t: t}, time.Now()
		if _, err := Run(t.Context(), events.send, atOnce(after("slow", 3*time.Second), after("fast", time.Second), after("middle", 2*time.Second))); err != nil {
			t.Fatal(err)
		}
		events.check(`
			run_started
			node_started slow
			node_started fast
			node_started middle
			node_finished fast: fast
			node_finished middle: middle
			node_finished slow: slow
			run_finished: slowfastmiddle`)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it took %v, want the 3 s of the slowest", took)
		}
	})
}

func TestRun_gives_each_event_its_time(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Duration
		send := func(e Event[string]) error {
			times = append(times, e.At)
			return nil
		}
		Run(t.Context(), send, inTurn(do("a", func(context.Context, func(string) error) (string, error) {
			time.Sleep(time.Minute)
			return "", nil
		})))
		if len(times) != 4 || times[1] != 0 || times[2] != time.Minute || times[3] != time.Minute {
			t.Errorf("got %v, want 0, 0, 1m and 1m", times)
		}
	})
}
