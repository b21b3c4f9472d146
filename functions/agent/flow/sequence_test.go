package flow

import (
	"context"
	"testing"
)

// Where both the turn is free and the context has ended, select takes either: in
// a hundred attempts it takes the turn at least once.
func TestSequence_sends_nothing_once_the_context_has_ended(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errLeft)
	sent := 0
	s := newSequence(func(Event[string]) error { sent++; return nil }, func(error) {})
	for range 100 {
		if err := s.sendUntil(ctx, Event[string]{Type: Token}); err != errLeft {
			t.Fatalf("got %v, want the context's cause", err)
		}
	}
	if sent != 0 {
		t.Errorf("%d of 100 events were sent after the end of their context", sent)
	}
}
