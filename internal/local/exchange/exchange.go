// Package exchange collects what the parts of the local edge know about one
// request of a viewer, for the line that is logged when it ends.
package exchange

import (
	"context"
	"sync"
)

// An Exchange is one request of a viewer and what became of it. The parts
// that serve it write into it, from whatever goroutine they run on.
type Exchange struct {
	mu      sync.Mutex
	summary Summary
}

// A Summary is what is known of an exchange.
type Summary struct {
	// Environment names the execution environment that answered, as
	// "function#number"; empty if no handler ran.
	Environment string

	// Cold reports whether that environment was started for this request.
	Cold bool

	// RequestID is the id of the handler's invocation.
	RequestID string

	// Refused says in one sentence why the request was answered before or
	// instead of the handler; empty if it was not.
	Refused string
}

type contextKey struct{}

// NewContext returns a context that carries e.
func NewContext(ctx context.Context, e *Exchange) context.Context {
	return context.WithValue(ctx, contextKey{}, e)
}

// FromContext returns the exchange that ctx carries, or a fresh one that
// nobody reads, so that callers need not check.
func FromContext(ctx context.Context) *Exchange {
	if e, ok := ctx.Value(contextKey{}).(*Exchange); ok {
		return e
	}
	return new(Exchange)
}

// Handled records the environment that ran the handler.
func (e *Exchange) Handled(environment, requestID string, cold bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.summary.Environment, e.summary.RequestID, e.summary.Cold = environment, requestID, cold
}

// Refuse records why the request did not get the handler's answer.
func (e *Exchange) Refuse(reason string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.summary.Refused = reason
}

// Summary returns a copy of what is known so far.
func (e *Exchange) Summary() Summary {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.summary
}
