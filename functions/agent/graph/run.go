package graph

import (
	"context"
	"slices"
	"time"
)

type state int

const (
	undecided state = iota
	running
	finished
	skipped
	broken // failed or canceled
)

// A run is one execution of a graph. Its scheduler is the goroutine that called
// Run; each running node has a goroutine of its own.
type run[T any] struct {
	*Graph[T]
	input  T
	ctx    context.Context
	cancel context.CancelCauseFunc
	events *sequence[T]

	// Of the scheduler.
	states  []state
	outputs []T
	active  int
	failure *NodeError
	results chan result[T]
}

// A result is the end of a node.
type result[T any] struct {
	node    int
	attempt int
	output  T
	err     error
}

// Run runs the graph with an input and calls send for each event. It returns when
// all nodes have returned, with the output of the last node, in the order of
// definition, that finished.
//
// If a node fails, the error is a [*NodeError]. If send returns an error, nothing
// more is sent, and the run is canceled with that error. If ctx ends, the error is
// its cause, and the last event is still sent.
func (g *Graph[T]) Run(ctx context.Context, input T, send func(Event[T]) error) (T, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run[T]{
		Graph:   g,
		input:   input,
		ctx:     ctx,
		cancel:  cancel,
		events:  newSequence(send, cancel),
		states:  make([]state, len(g.nodes)),
		outputs: make([]T, len(g.nodes)),
		results: make(chan result[T], len(g.nodes)),
	}
	r.events.send(Event[T]{Type: RunStarted})
	r.advance()
	for r.active > 0 {
		r.settle(<-r.results)
	}
	return r.end()
}

// settle records the end of a node, and goes on unless the run is over.
func (r *run[T]) settle(end result[T]) {
	r.active--
	event := Event[T]{Node: r.nodes[end.node].Name, Attempt: end.attempt, Err: end.err}
	switch {
	case end.err == nil:
		r.states[end.node], r.outputs[end.node] = finished, end.output
		event.Type, event.Output = NodeFinished, end.output
	case r.ctx.Err() != nil:
		r.states[end.node] = broken
		event.Type, event.Err = NodeCanceled, context.Cause(r.ctx)
	default:
		r.states[end.node] = broken
		event.Type = NodeFailed
		r.failure = &NodeError{Node: event.Node, Err: end.err}
		r.cancel(r.failure)
	}
	r.events.send(event)
	r.advance()
}

// advance decides all nodes that can be decided and starts those that an edge
// leads to.
func (r *run[T]) advance() {
	if r.ctx.Err() != nil {
		return
	}
	decided := r.decide()
	for _, node := range decided {
		event := Event[T]{Type: NodeSkipped, Node: r.nodes[node].Name}
		if r.states[node] == running {
			event.Type, event.Attempt = NodeStarted, 1
		}
		r.events.send(event)
	}
	for _, node := range decided {
		if r.states[node] == running {
			r.active++
			go r.work(node, r.outputsFor(node))
		}
	}
}

// decide returns the nodes that can be decided now, in order, and sets their
// states. A skipped node may decide others.
func (r *run[T]) decide() (decided []int) {
	for changed := true; changed; {
		changed = false
		for node := range r.nodes {
			if r.states[node] == undecided && r.canDecide(node) {
				r.states[node] = skipped
				if r.isTaken(node) {
					r.states[node] = running
				}
				decided = append(decided, node)
				changed = true
			}
		}
	}
	slices.Sort(decided)
	return decided
}

func (r *run[T]) canDecide(node int) bool {
	return !slices.ContainsFunc(r.incoming[node], func(e edge[T]) bool {
		return r.states[e.from] != finished && r.states[e.from] != skipped
	})
}

func (r *run[T]) isTaken(node int) bool {
	return node == r.start || slices.ContainsFunc(r.incoming[node], func(e edge[T]) bool {
		return r.states[e.from] == finished && (e.when == nil || e.when(r.outputs[e.from]))
	})
}

// outputsFor returns the outputs that a node may see.
func (r *run[T]) outputsFor(node int) map[string]T {
	outputs := map[string]T{}
	for i, state := range r.states {
		if name := r.nodes[i].Name; state == finished && r.ancestors[node][name] {
			outputs[name] = r.outputs[i]
		}
	}
	return outputs
}

// end sends the last event.
func (r *run[T]) end() (output T, err error) {
	event := Event[T]{}
	switch {
	case r.failure != nil:
		event.Type, event.Err = RunFailed, r.failure
	case slices.Contains(r.states, broken) || slices.Contains(r.states, undecided):
		event.Type, event.Err = RunCanceled, context.Cause(r.ctx)
	default:
		event.Type, event.Output = RunFinished, r.last()
	}
	r.events.send(event)
	if err := r.events.failure(); err != nil && event.Err == nil {
		return output, err
	}
	return event.Output, event.Err
}

// last returns the output of the last node that finished.
func (r *run[T]) last() (output T) {
	for i, state := range r.states {
		if state == finished {
			output = r.outputs[i]
		}
	}
	return output
}

// pause waits, and reports whether the run goes on.
func (r *run[T]) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return r.ctx.Err() == nil
	case <-r.ctx.Done():
		return false
	}
}
