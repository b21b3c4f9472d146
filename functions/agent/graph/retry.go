package graph

import (
	"math/rand/v2"
	"time"
)

const (
	defaultBackoff    = 500 * time.Millisecond
	defaultMaxBackoff = 8 * time.Second
)

// A Retry says which failures of a node are tried again, and when.
type Retry struct {
	// Attempts is how often the node is tried at most, the first time included.
	// Default: 1, it isn't tried again
	Attempts int

	// If reports whether a failure may pass. The end of the run is never tried
	// again. Default: nil, every failure may
	If func(error) bool

	// Backoff is the longest wait before the second attempt. It doubles with each
	// further one, up to MaxBackoff. The wait itself is between a half and all of
	// that, so that runs that failed together don't come back together.
	// Default: 500 ms, and 8 s
	Backoff, MaxBackoff time.Duration
}

// again reports whether a node is tried again after an attempt, 1 for the first,
// has failed.
func (r Retry) again(attempt int, err error) bool {
	return attempt < r.Attempts && (r.If == nil || r.If(err))
}

// wait returns the time between an attempt and the next.
func (r Retry) wait(attempt int) time.Duration {
	backoff, limit := orDefault(r.Backoff, defaultBackoff), orDefault(r.MaxBackoff, defaultMaxBackoff)
	for range attempt - 1 {
		if backoff >= limit {
			break
		}
		backoff *= 2
	}
	backoff = min(backoff, limit)
	return backoff/2 + rand.N(backoff/2+1)
}

func orDefault(d, or time.Duration) time.Duration {
	if d <= 0 {
		return or
	}
	return d
}
