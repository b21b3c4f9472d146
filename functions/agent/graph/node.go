package graph

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Node is one step of a workflow.
type Node[T any] struct {
	// Name identifies the node. Required.
	Name string

	// Run does the node's work and returns its output. It may run at the same time
	// as other nodes, so it must not change what it shares with them. It has to
	// return soon after ctx has ended. Required.
	Run func(ctx context.Context, task *Task[T]) (T, error)

	// Timeout bounds each attempt, with the time in which Token waits for the
	// viewer. Default: 0, none
	Timeout time.Duration

	// Retry says which failures are tried again. Default: none
	Retry Retry
}

// An Edge leads from one node to another.
type Edge[T any] struct {
	// From and To are the names of nodes. Required.
	From, To string

	// When reports whether the edge is taken, from the output of From. It must not
	// block. Default: nil, always
	When func(output T) bool
}

// A Task is what one attempt of a node works on.
type Task[T any] struct {
	// Input is what the run was started with.
	Input T

	// Node is the name of the node, and Attempt is 1 for its first attempt.
	Node    string
	Attempt int

	outputs   map[string]T // of ancestors that finished
	ancestors map[string]bool
	send      func(Event[T]) error
}

// Output returns the output of a node that leads to this one, directly or through
// others. It returns false if that node was skipped. It panics if no edges lead
// from there to here, because whether such a node has finished is a matter of
// chance.
func (t *Task[T]) Output(node string) (T, bool) {
	if !t.ancestors[node] {
		panic("graph: node " + t.Node + " asked for the output of " + node + ", which doesn't lead to it: choose one of " +
			strings.Join(slices.Sorted(maps.Keys(t.ancestors)), ", "))
	}
	output, ok := t.outputs[node]
	return output, ok
}

// Token sends a piece of the node's result to the viewer. It returns when the
// viewer has taken it, or with an error when the run is over: return that error.
func (t *Task[T]) Token(text string) error {
	return t.send(Event[T]{Type: Token, Node: t.Node, Attempt: t.Attempt, Text: text})
}
