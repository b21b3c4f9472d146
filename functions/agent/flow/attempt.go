package flow

import (
	"context"
	"math/rand/v2"
	"runtime/debug"
	"time"
)

// backoff is the longest wait before the second attempt of a node.
const backoff = 500 * time.Millisecond

// A result is the end of a node.
type result[T any] struct {
	node    int
	attempt int
	output  T
	err     error
}

// work tries a node until it finishes, fails or the run is over.
func (f *Flow[T]) work(node Node[T]) (end result[T]) {
	for {
		end.attempt++
		end.output, end.err = f.try(node, end.attempt)
		if end.err == nil || f.ctx.Err() != nil || end.attempt >= node.Attempts || node.Again != nil && !node.Again(end.err) {
			return end
		}
		wait := waitAfter(end.attempt)
		f.events.sendUntil(f.ctx, Event[T]{Type: NodeRetrying, Node: node.Name, Attempt: end.attempt, Err: end.err, RetryAfter: wait})
		if !f.pause(wait) || f.events.sendUntil(f.ctx, Event[T]{Type: NodeStarted, Node: node.Name, Attempt: end.attempt + 1}) != nil {
			return end
		}
	}
}

// try runs a node once.
func (f *Flow[T]) try(node Node[T], attempt int) (output T, err error) {
	ctx, cancel := context.WithCancel(f.ctx)
	// What the node left behind sends nothing from here on.
	defer cancel()
	if node.Timeout > 0 {
		ctx, cancel = context.WithTimeoutCause(ctx, node.Timeout, &TimeoutError{Node: node.Name, Timeout: node.Timeout})
		defer cancel()
	}
	// In a goroutine of its own, a panic would end the process and all its requests.
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	output, err = node.Run(ctx, func(text string) error {
		return f.events.sendUntil(ctx, Event[T]{Type: Token, Node: node.Name, Attempt: attempt, Text: text})
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return output, err
}

// waitAfter returns the time between an attempt, 1 for the first, and the next. Up to
// half is left out by chance, so that runs that failed together don't come back
// together.
func waitAfter(attempt int) time.Duration {
	longest := backoff << (attempt - 1)
	return longest/2 + rand.N(longest/2+1)
}

// pause waits, and reports whether the run goes on.
func (f *Flow[T]) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return f.ctx.Err() == nil
	case <-f.ctx.Done():
		return false
	}
}
