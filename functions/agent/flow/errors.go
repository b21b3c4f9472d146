package flow

import (
	"context"
	"fmt"
	"time"
)

// A NodeError is why a run failed.
type NodeError struct {
	// Node is the name of the node that failed.
	Node string

	// Err is the error of its last attempt.
	Err error
}

// Error returns the node and its error.
func (e *NodeError) Error() string { return fmt.Sprintf("the node %s failed: %v", e.Node, e.Err) }

// Unwrap returns the node's error.
func (e *NodeError) Unwrap() error { return e.Err }

// A TimeoutError is the error of a node that took longer than its Timeout. It is
// a [context.DeadlineExceeded].
type TimeoutError struct {
	// Node is the name of the node, and Timeout is how long it may take.
	Node    string
	Timeout time.Duration
}

// Error returns the time that was too short.
func (e *TimeoutError) Error() string { return fmt.Sprintf("it took longer than %v", e.Timeout) }

// Unwrap returns context.DeadlineExceeded.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// A PanicError is the error of a node that panicked. It is worth a log line: Error
// leaves the stack out.
type PanicError struct {
	// Value is the value that the node panicked with, and Stack is where.
	Value any
	Stack []byte
}

// Error returns a message with the value.
func (e *PanicError) Error() string { return fmt.Sprintf("it panicked: %v", e.Value) }
