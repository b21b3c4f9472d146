package watch

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// A Version is one state of the stacks that serves requests. *local.Edge is one.
type Version interface {
	http.Handler

	// Warm starts what the first request would have to start. It returns when
	// that is done, has failed, or ctx has ended.
	Warm(ctx context.Context)

	// Close ends what the version runs. Requests that it is answering break off.
	Close() error
}

// Versions sends each request to the version that is the newest when it comes.
// A version that was replaced is closed when the last request that it answers
// has ended, or after a grace. All methods may be called at once.
type Versions struct {
	grace time.Duration
	log   *slog.Logger

	mu      sync.Mutex
	none    string // why there is no version yet
	newest  *serving
	retired map[*serving]bool
	closed  bool
	closing sync.WaitGroup
}

// A serving is a version with the requests that it answers.
type serving struct {
	Version

	requests int
	retired  bool
	closing  bool
	deadline *time.Timer
}

// NewVersions returns a handler without a version, which answers 503 until the
// first Swap. Versions that were replaced get the time grace for the requests
// that they answer. Failures to close one are logged.
func NewVersions(grace time.Duration, log *slog.Logger) *Versions {
	return &Versions{grace: grace, log: log, none: "it is being made", retired: map[*serving]bool{}}
}

// ServeHTTP serves the request by the newest version.
func (v *Versions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	s, none := v.newest, v.none
	if s != nil {
		s.requests++
	}
	v.mu.Unlock()
	if s == nil {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "cloudfurl: there is nothing to serve yet: "+none, http.StatusServiceUnavailable)
		return
	}
	defer v.done(s)
	s.ServeHTTP(w, r)
}

// Explain sets the reason that requests get as long as there is no version.
func (v *Versions) Explain(none string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.none = none
}

// Swap makes next the newest version. After Close, it closes next.
func (v *Versions) Swap(next Version) {
	v.mu.Lock()
	defer v.mu.Unlock()
	last := v.newest
	v.newest = &serving{Version: next}
	if v.closed {
		last, v.newest = v.newest, nil
	}
	if last != nil {
		v.retire(last)
	}
}

// Close closes all versions at once, whatever they answer, and returns when all
// are closed. Requests that come later get 503.
func (v *Versions) Close() {
	v.mu.Lock()
	v.closed = true
	v.none = "cloudfurl is ending"
	if v.newest != nil {
		v.retire(v.newest)
		v.newest = nil
	}
	for s := range v.retired {
		v.close(s)
	}
	v.mu.Unlock()
	v.closing.Wait()
}

// done ends a request of s.
func (v *Versions) done(s *serving) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s.requests--
	if s.retired && s.requests == 0 {
		v.close(s)
	}
}

// retire closes s when its requests have ended, or after the grace. The caller
// holds the lock.
func (v *Versions) retire(s *serving) {
	s.retired = true
	if s.requests == 0 || v.closed {
		v.close(s)
		return
	}
	v.retired[s] = true
	s.deadline = time.AfterFunc(v.grace, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.close(s)
	})
}

// close closes s, once, without making the caller wait. The caller holds the
// lock.
func (v *Versions) close(s *serving) {
	if s.closing {
		return
	}
	s.closing = true
	delete(v.retired, s)
	if s.deadline != nil {
		s.deadline.Stop()
	}
	v.closing.Go(func() {
		if err := s.Version.Close(); err != nil {
			v.log.Warn(fmt.Sprintf("could not close a version that was replaced: %v", err))
		}
	})
}
