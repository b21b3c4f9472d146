package watch

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Version is one state of the stacks that serves requests. *local.Edge is one.
type Version interface {
	http.Handler

	// Warm starts the functions, so that the first request doesn't have to. It
	// returns when they have started or failed, or when ctx ends.
	Warm(ctx context.Context)

	// Close ends the version's processes. Requests in progress are cut.
	Close() error
}

// Versions sends each request to the newest version. A replaced version is closed
// when its last request has ended, or after a grace. All methods may be called at
// once.
type Versions struct {
	grace time.Duration
	log   *slog.Logger
	ended context.Context // ends with Close
	end   context.CancelFunc

	mu      sync.Mutex
	none    string // why there is no version
	newest  *serving
	held    chan struct{} // closed by Release; nil unless requests wait
	closing sync.WaitGroup
}

type serving struct {
	Version

	requests sync.WaitGroup
}

// NewVersions returns a handler without a version, which responds 503 until the
// first Swap. The requests of a replaced version may go on for the time grace.
func NewVersions(grace time.Duration, log *slog.Logger) *Versions {
	v := &Versions{grace: grace, log: log, none: "the app is being synthesized"}
	v.ended, v.end = context.WithCancel(context.Background())
	return v
}

// maxHold is how long a request waits for the next version, at most.
const maxHold = 30 * time.Second

// Hold makes requests wait for the next version, until Release.
func (v *Versions) Hold() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.held == nil && v.ended.Err() == nil {
		v.held = make(chan struct{})
	}
}

// Release serves the requests that wait with the newest version.
func (v *Versions) Release() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.release()
}

// release does what Release does; the caller holds the lock.
func (v *Versions) release() {
	if v.held != nil {
		close(v.held)
		v.held = nil
	}
}

// wait waits while requests are held, unless there is no version to wait beside.
func (v *Versions) wait(ctx context.Context) {
	v.mu.Lock()
	held := v.held
	if v.newest == nil {
		held = nil
	}
	v.mu.Unlock()
	if held == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, maxHold)
	defer cancel()
	select {
	case <-held:
	case <-ctx.Done():
	}
}

// ServeHTTP serves the request with the newest version, or with the next one if a
// source has changed.
func (v *Versions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.wait(r.Context())
	v.mu.Lock()
	s, none := v.newest, v.none
	if s != nil {
		s.requests.Add(1)
	}
	v.mu.Unlock()
	if s == nil {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "cloudfurl: nothing to serve yet: "+none, http.StatusServiceUnavailable)
		return
	}
	defer s.requests.Done()
	s.ServeHTTP(w, r)
}

// Explain sets the reason in the responses before the first Swap.
func (v *Versions) Explain(none string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.none = none
}

// Swap makes next the newest version. After Close, it closes next.
func (v *Versions) Swap(next Version) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.retire(v.newest)
	v.newest = &serving{Version: next}
	if v.ended.Err() != nil {
		v.retire(v.newest)
		v.newest = nil
	}
}

// Close closes all versions at once, requests in progress or not, and returns when
// they are closed. Later requests get 503.
func (v *Versions) Close() {
	v.mu.Lock()
	v.end()
	v.none = "cloudfurl is stopping"
	v.release()
	v.retire(v.newest)
	v.newest = nil
	v.mu.Unlock()
	v.closing.Wait()
}

// retire closes s, if there is one, when its requests have ended, after the grace,
// or with the others. It gets no further requests. The caller holds the lock.
func (v *Versions) retire(s *serving) {
	if s == nil {
		return
	}
	idle := make(chan struct{})
	go func() {
		s.requests.Wait()
		close(idle)
	}()
	v.closing.Go(func() {
		select {
		case <-idle:
		case <-time.After(v.grace):
		case <-v.ended.Done():
		}
		if err := s.Close(); err != nil {
			fault.Log(v.log, slog.LevelWarn, "can't close a replaced version", err.Error(), "")
		}
	})
}
