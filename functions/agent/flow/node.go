package flow

import (
	"context"
	"time"
)

// A Node is one step of a workflow.
type Node[T any] struct {
	// Name identifies the node in events. Required.
	Name string

	// Run does the node's work and returns its output. token sends a piece of the
	// output to the viewer: it returns when the viewer has taken it, or with an error
	// when the run is over, which Run should return. Run has to return soon after ctx
	// has ended. Required.
	Run func(ctx context.Context, token func(text string) error) (T, error)

	// Skip reports the node as skipped instead of running it. Its output is zero.
	// Default: false
	Skip bool

	// Timeout bounds each attempt, with the time in which token waits for the
	// viewer. Default: 0, none
	Timeout time.Duration

	// Attempts is how often the node is tried at most, the first time included. The
	// wait before the second attempt is 250 to 500 ms, and doubles with each further
	// one. Default: 1, it isn't tried again
	Attempts int

	// Again reports whether a failure may pass. The end of the run is never tried
	// again. Default: nil, every failure may
	Again func(error) bool
}
