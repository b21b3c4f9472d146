package client

import (
	"cmp"
	"net/http"
	"time"
)

// Defaults of [SubscribeOptions].
const (
	DefaultMaxAttempts = 5
	DefaultMaxDelay    = 30 * time.Second
)

// defaultRetry is the time between two attempts until the server sends another.
const defaultRetry = time.Second

// minDelay bounds the load on a server that asks for no delay at all.
const minDelay = 100 * time.Millisecond

// SubscribeOptions are the options of [Subscribe].
type SubscribeOptions struct {
	// Client sends the requests. Its Timeout would end every stream.
	//
	// Default: http.DefaultClient
	Client *http.Client

	// LastEventID is the id of the last event of an earlier subscription.
	//
	// Default: empty, none
	LastEventID string

	// MaxAttempts is how many attempts in a row may fail, or end without an event.
	//
	// Default: DefaultMaxAttempts, 5
	MaxAttempts int

	// MaxDelay is the longest time between two attempts, unless the server asks
	// for more. It begins at a second, or what the server asks for, and doubles.
	//
	// Default: DefaultMaxDelay, 30 seconds
	MaxDelay time.Duration

	// MaxBytes is how long an event may be.
	//
	// Default: DefaultMaxBytes, 8 MB
	MaxBytes int
}

// withDefaults returns a complete copy of the options, which may be nil.
func (o *SubscribeOptions) withDefaults() SubscribeOptions {
	if o == nil {
		o = new(SubscribeOptions)
	}
	complete := *o
	complete.MaxAttempts = cmp.Or(o.MaxAttempts, DefaultMaxAttempts)
	complete.MaxDelay = cmp.Or(o.MaxDelay, DefaultMaxDelay)
	complete.MaxBytes = cmp.Or(o.MaxBytes, DefaultMaxBytes)
	complete.Client = cmp.Or(o.Client, http.DefaultClient)
	return complete
}
