package graph

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun_streams_the_tokens_and_the_output_of_each_node(t *testing.T) {
	g := build(t, []Node[string]{
		do("a", func(_ context.Context, task *Task[string]) (string, error) {
			for _, word := range strings.Fields(task.Input) {
				if err := task.Token(word); err != nil {
					return "", err
				}
			}
			return strings.ToUpper(task.Input), nil
		}),
		do("b", func(_ context.Context, task *Task[string]) (string, error) {
			output, ok := task.Output("a")
			if !ok {
				return "", errors.New("no output of a")
			}
			return output + "!", nil
		}),
	}, to("a", "b"))
	events := &recorder{t: t}
	got, err := g.Run(t.Context(), "one two", events.send)
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

func TestRun_takes_the_branches_whose_conditions_hold(t *testing.T) {
	is := func(want string) func(string) bool { return func(got string) bool { return got == want } }
	for input, want := range map[string]string{
		"left": `
			run_started
			node_started choose
			node_finished choose: left
			node_skipped right
			node_skipped beyond
			node_started left
			node_finished left: L
			node_started join
			node_finished join: L
			run_finished: L`,
		"right": `
			run_started
			node_started choose
			node_finished choose: right
			node_started right
			node_skipped left
			node_finished right: R
			node_started beyond
			node_finished beyond: B
			node_started join
			node_finished join: B
			run_finished: B`,
		"neither": `
			run_started
			node_started choose
			node_finished choose: neither
			node_skipped right
			node_skipped beyond
			node_skipped left
			node_skipped join
			run_finished: neither`,
	} {
		t.Run(input, func(t *testing.T) {
			g := build(t, []Node[string]{
				do("choose", func(_ context.Context, task *Task[string]) (string, error) { return task.Input, nil }),
				say("right", "R"),
				say("beyond", "B"),
				say("left", "L"),
				do("join", func(_ context.Context, task *Task[string]) (string, error) {
					if output, ok := task.Output("left"); ok {
						return output, nil
					}
					output, _ := task.Output("beyond")
					return output, nil
				}),
			}, []Edge[string]{
				{From: "choose", To: "left", When: is("left")},
				{From: "choose", To: "right", When: is("right")},
			}, to("right", "beyond", "join"), to("left", "join"))
			events := &recorder{t: t}
			if _, err := g.Run(t.Context(), input, events.send); err != nil {
				t.Fatal(err)
			}
			events.check(want)
		})
	}
}

func TestRun_decides_in_the_order_of_definition(t *testing.T) {
	never := func(string) bool { return false }
	g := build(t, []Node[string]{say("start", ""), say("beyond", ""), say("other", "o"), say("never", "")}, []Edge[string]{
		{From: "start", To: "never", When: never},
		{From: "never", To: "beyond"}, // decided after "other"
		{From: "start", To: "other"},
	})
	events := &recorder{t: t}
	g.Run(t.Context(), "", events.send)
	events.check(`
		run_started
		node_started start
		node_finished start
		node_skipped beyond
		node_started other
		node_skipped never
		node_finished other: o
		run_finished: o`)
}

func TestRun_runs_nodes_side_by_side_and_waits_for_all_of_them(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		after := func(name string, d time.Duration) Node[string] {
			return do(name, func(context.Context, *Task[string]) (string, error) {
				time.Sleep(d)
				return name, nil
			})
		}
		g := build(t, []Node[string]{
			say("fan", ""),
			after("slow", 3*time.Second),
			after("fast", time.Second),
			after("middle", 2*time.Second),
			do("join", func(_ context.Context, task *Task[string]) (string, error) {
				slow, _ := task.Output("slow")
				fast, _ := task.Output("fast")
				middle, _ := task.Output("middle")
				return slow + fast + middle, nil
			}),
		}, to("fan", "slow", "join"), to("fan", "fast", "join"), to("fan", "middle", "join"))
		events, began := &recorder{t: t}, time.Now()
		if _, err := g.Run(t.Context(), "", events.send); err != nil {
			t.Fatal(err)
		}
		events.check(`
			run_started
			node_started fan
			node_finished fan
			node_started slow
			node_started fast
			node_started middle
			node_finished fast: fast
			node_finished middle: middle
			node_finished slow: slow
			node_started join
			node_finished join: slowfastmiddle
			run_finished: slowfastmiddle`)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it took %v, want the 3 s of the slowest", took)
		}
	})
}

func TestRun_gives_each_event_its_time(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := build(t, []Node[string]{do("a", func(context.Context, *Task[string]) (string, error) {
			time.Sleep(time.Minute)
			return "", nil
		})})
		var times []time.Duration
		g.Run(t.Context(), "", func(e Event[string]) error {
			times = append(times, e.At)
			return nil
		})
		if len(times) != 4 || times[1] != 0 || times[2] != time.Minute || times[3] != time.Minute {
			t.Errorf("got %v, want 0, 0, 1m and 1m", times)
		}
	})
}

func TestTask_hides_the_outputs_of_nodes_that_do_not_lead_to_it(t *testing.T) {
	g := build(t, []Node[string]{
		say("fan", ""),
		say("left", ""),
		do("right", func(_ context.Context, task *Task[string]) (string, error) {
			task.Output("left")
			return "", nil
		}),
	}, to("fan", "left"), to("fan", "right"))
	_, err := g.Run(t.Context(), "", (&recorder{t: t}).send)
	if err == nil || !strings.Contains(err.Error(), "node right asked for the output of left, which doesn't lead to it: choose one of fan") {
		t.Errorf("got %v, want an error that names both", err)
	}
}

func TestGraph_runs_many_times_at_once(t *testing.T) {
	g := build(t, []Node[string]{
		do("a", func(_ context.Context, task *Task[string]) (string, error) { return task.Input, task.Token("x") }),
		do("b", func(_ context.Context, task *Task[string]) (string, error) { return task.Input, task.Token("x") }),
		do("c", func(_ context.Context, task *Task[string]) (string, error) { return task.Input, task.Token("x") }),
	}, to("a", "b"), to("a", "c"))
	failures := make(chan error, 50)
	for range cap(failures) {
		go func() {
			_, err := g.Run(t.Context(), "input", (&recorder{t: t}).send)
			failures <- err
		}()
	}
	for range cap(failures) {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}
