package flow

import (
	"context"
	"errors"
)

// A Flow is one run of a workflow.
type Flow[T any] struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	events *sequence[T]
}

// Run runs a workflow, calls send for each event, and returns the workflow's output.
//
// If a node fails, the error is a [*NodeError]. If send returns an error, nothing
// more is sent, and the run is canceled with that error. If ctx ends, the error is
// its cause, and the last event is still sent.
func Run[T any](ctx context.Context, send func(Event[T]) error, workflow func(*Flow[T]) (T, error)) (output T, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f := &Flow[T]{ctx, cancel, newSequence(send, cancel)}
	f.events.send(Event[T]{Type: RunStarted})
	output, err = workflow(f)
	event := Event[T]{Type: RunFinished, Output: output}
	if err != nil {
		event = Event[T]{Type: RunCanceled, Err: err}
	}
	if errors.As(err, new(*NodeError)) {
		event.Type = RunFailed
	}
	if unsent := f.events.send(event); err == nil {
		err = unsent
	}
	return output, err
}

// Do runs a node and returns its output. An error means that the run is over: the
// workflow has to return it.
func (f *Flow[T]) Do(node Node[T]) (T, error) {
	outputs, err := f.All(node)
	return outputs[0], err
}

// All runs nodes side by side and returns their outputs, in the order of the nodes. An
// error is as that of Do.
func (f *Flow[T]) All(nodes ...Node[T]) ([]T, error) {
	outputs := make([]T, len(nodes))
	if f.ctx.Err() != nil {
		return outputs, context.Cause(f.ctx)
	}
	for _, node := range nodes {
		event := Event[T]{Type: NodeStarted, Node: node.Name, Attempt: 1}
		if node.Skip {
			event.Type, event.Attempt = NodeSkipped, 0
		}
		f.events.send(event)
	}
	results := make(chan result[T])
	running := 0
	for i, node := range nodes {
		if node.Skip {
			continue
		}
		running++
		go func() {
			end := f.work(node)
			end.node = i
			results <- end
		}()
	}
	var err error
	for range running {
		end := <-results
		outputs[end.node] = end.output
		if f.settle(nodes[end.node].Name, end) != nil {
			err = context.Cause(f.ctx)
		}
	}
	return outputs, err
}

// settle reports the end of a node. The first failure ends the run.
func (f *Flow[T]) settle(node string, end result[T]) error {
	event := Event[T]{Type: NodeFinished, Node: node, Attempt: end.attempt, Output: end.output, Err: end.err}
	switch {
	case end.err == nil:
	case f.ctx.Err() != nil:
		event.Type, event.Err = NodeCanceled, context.Cause(f.ctx)
	default:
		event.Type = NodeFailed
		f.cancel(&NodeError{Node: node, Err: end.err})
	}
	f.events.send(event)
	return end.err
}
