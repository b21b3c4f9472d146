package flow

import (
	"context"
	"time"
)

// A sequence numbers events and sends them one at a time.
type sequence[T any] struct {
	sink   func(Event[T]) error
	cancel context.CancelCauseFunc
	began  time.Time

	// turn is held by the goroutine that sends. Unlike a mutex, it can be waited
	// for until a context ends.
	turn chan struct{}
	id   int
	err  error // the first of sink
}

func newSequence[T any](sink func(Event[T]) error, cancel context.CancelCauseFunc) *sequence[T] {
	return &sequence[T]{sink: sink, cancel: cancel, began: time.Now(), turn: make(chan struct{}, 1)}
}

// send sends an event, also if the run is over.
func (s *sequence[T]) send(e Event[T]) error {
	return s.sendUntil(context.Background(), e)
}

// sendUntil sends an event unless ctx ends first.
func (s *sequence[T]) sendUntil(ctx context.Context, e Event[T]) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.turn }()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case s.err != nil:
		return s.err
	}
	s.id++
	e.ID, e.At = s.id, time.Since(s.began)
	if s.err = s.sink(e); s.err != nil {
		s.cancel(s.err)
	}
	return s.err
}
