// Package exchange collects what the parts of the local edge know about one
// request of a viewer, for the line that is logged when it ends, and has what
// several of them need to respond.
package exchange

import (
	"context"
	"sync"
)

// An Exchange is one request of a viewer and its outcome. It is safe for
// concurrent use.
type Exchange struct {
	mu      sync.Mutex
	summary Summary
}

// A Summary is what is known of an exchange.
type Summary struct {
	// Environment names the execution environment that ran the handler, as
	// "function#number"; empty if none did.
	Environment string

	// Cold reports whether that environment was started for this request.
	Cold bool

	// Rejected is one clause that says why the viewer didn't get the handler's
	// response; empty if it did.
	Rejected string

	// CacheKey is the key under which AWS caches the response; empty if it
	// caches none, or by the path alone.
	CacheKey string
}

type contextKey struct{}

// NewContext returns a context that carries e.
func NewContext(ctx context.Context, e *Exchange) context.Context {
	return context.WithValue(ctx, contextKey{}, e)
}

// FromContext returns the exchange that ctx carries, or a new one.
func FromContext(ctx context.Context) *Exchange {
	if e, ok := ctx.Value(contextKey{}).(*Exchange); ok {
		return e
	}
	return new(Exchange)
}

// Handled records the environment that ran the handler.
func (e *Exchange) Handled(environment string, cold bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.summary.Environment, e.summary.Cold = environment, cold
}

// Reject records why the viewer doesn't get the handler's response.
func (e *Exchange) Reject(reason string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.summary.Rejected = reason
}

// Keyed records the cache key.
func (e *Exchange) Keyed(key string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.summary.CacheKey = key
}

// Summary returns a copy of what is known so far.
func (e *Exchange) Summary() Summary {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.summary
}
