package flow

import "time"

// A Type says what an Event reports.
type Type string

// The types of events.
const (
	RunStarted  Type = "run_started"
	RunFinished Type = "run_finished"
	RunFailed   Type = "run_failed"
	RunCanceled Type = "run_canceled"

	NodeStarted  Type = "node_started"
	NodeSkipped  Type = "node_skipped"
	NodeFinished Type = "node_finished"
	NodeRetrying Type = "node_retrying"
	NodeFailed   Type = "node_failed"
	NodeCanceled Type = "node_canceled"

	Token Type = "token"
)

// An Event is something that happened in a run.
type Event[T any] struct {
	// ID is 1 for the first event of a run, and one more for each that follows.
	ID int

	// Type says what happened.
	Type Type

	// At is the time since the run started.
	At time.Duration

	// Node is the name of the node, or empty for an event of the run.
	Node string

	// Attempt is 1 for a node's first attempt, and 0 for a skipped node and for
	// the run.
	Attempt int

	// Text is the text of a Token.
	Text string

	// Output is what the node returned, for NodeFinished, or what the run did, for
	// RunFinished.
	Output T

	// Err is why the node or the run failed or was canceled, or why the node is
	// tried again.
	Err error

	// RetryAfter is when the next attempt begins, for NodeRetrying.
	RetryAfter time.Duration
}
