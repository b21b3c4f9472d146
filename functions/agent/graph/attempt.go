package graph

import (
	"context"
	"runtime/debug"
)

// work tries a node until it finishes, fails or the run is over.
func (r *run[T]) work(index int, outputs map[string]T) {
	end := result[T]{node: index}
	// Deferred, because a node that calls runtime.Goexit never returns, and its
	// Retry.If may panic.
	defer func() {
		if value := recover(); value != nil {
			end.err = &PanicError{Value: value, Stack: debug.Stack()}
		}
		r.results <- end
	}()
	node := &r.nodes[index]
	for {
		end.attempt++
		end.err = errGoexit
		end.output, end.err = r.try(node, end.attempt, outputs)
		if end.err == nil || r.ctx.Err() != nil || !node.Retry.again(end.attempt, end.err) {
			return
		}
		wait := node.Retry.wait(end.attempt)
		r.events.sendUntil(r.ctx, Event[T]{Type: NodeRetrying, Node: node.Name, Attempt: end.attempt, Err: end.err, RetryAfter: wait})
		if !r.pause(wait) || r.events.sendUntil(r.ctx, Event[T]{Type: NodeStarted, Node: node.Name, Attempt: end.attempt + 1}) != nil {
			return
		}
	}
}

// try runs a node once.
func (r *run[T]) try(node *Node[T], attempt int, outputs map[string]T) (T, error) {
	ctx, cancel := context.WithCancel(r.ctx)
	// What the node left behind sends nothing from here on.
	defer cancel()
	if node.Timeout > 0 {
		ctx, cancel = context.WithTimeoutCause(ctx, node.Timeout, &TimeoutError{Node: node.Name, Timeout: node.Timeout})
		defer cancel()
	}
	output, err := protect(ctx, node, &Task[T]{
		Input:     r.input,
		Node:      node.Name,
		Attempt:   attempt,
		outputs:   outputs,
		ancestors: r.ancestors[r.index(node.Name)],
		send:      func(e Event[T]) error { return r.events.sendUntil(ctx, e) },
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return output, err
}

// protect turns a panic into an error. In a goroutine of its own, it would end
// the process and all its requests.
func protect[T any](ctx context.Context, node *Node[T], task *Task[T]) (output T, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	return node.Run(ctx, task)
}
