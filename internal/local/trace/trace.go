// Package trace records what happens to a request on its way through the local edge:
// the stages that it passes, what each changed and decided, and the response as the
// viewer gets it, chunk by chunk.
//
// A trace is bounded: 4 KB of each body, 500 chunks, 200 lines of the handler. It
// shows no values that look like secrets.
package trace

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Limits of one trace.
const (
	maxBody   = 4 << 10 // bytes
	maxChunks = 500
	maxLines  = 200
	maxLine   = 500     // bytes
	maxText   = 8 << 10 // bytes of a fact, or of a header's values
)

// A Trace is one request of a viewer and its outcome. It is safe for concurrent use.
type Trace struct {
	log   *Log // nil: only what the summary has is kept
	began time.Time
	sent  *http.Request // as the viewer sent it, without its body

	mu      sync.Mutex
	view    View
	header  http.Header // of the response
	whole   bool        // all of the request's body was read
	pending Chunk       // written, and not yet flushed
	unsent  bool        // a write failed, so the viewer is gone
	missing error       // the statement whose absence ends the request

	// The log's lock guards these: bytes that count for it, and its count of changes
	// when the trace last changed.
	size, changed int64
}

type contextKey struct{}

// NewContext returns a context that carries t.
func NewContext(ctx context.Context, t *Trace) context.Context {
	return context.WithValue(ctx, contextKey{}, t)
}

// FromContext returns the trace that ctx carries, or one that nobody reads.
func FromContext(ctx context.Context) *Trace {
	if t, ok := ctx.Value(contextKey{}).(*Trace); ok {
		return t
	}
	return new(Trace)
}

// Detailed reports whether the trace keeps more than the summary.
func (t *Trace) Detailed() bool { return t.log != nil }

func (t *Trace) lock() (unlock func()) {
	t.mu.Lock()
	return t.mu.Unlock
}

// ServedBy records the part that serves the request, by its construct path.
func (t *Trace) ServedBy(part string) {
	defer t.lock()()
	t.view.Part = part
	if s := t.open(); s != nil {
		s.close(Passed)
	}
}

// Handled records the environment that ran the handler, as "function#number", and
// whether the request waited for its start.
func (t *Trace) Handled(environment string, cold bool) {
	t.Ran(environment, cold)
	defer t.lock()()
	t.view.Environment, t.view.Start = environment, start(cold)
}

// Ran records the environment that ran a function of the open stage.
func (t *Trace) Ran(environment string, cold bool) {
	t.Fact("environment", environment)
	t.Fact("start", start(cold))
}

func start(cold bool) string {
	if cold {
		return "cold"
	}
	return "warm"
}

// Keyed records the key under which AWS caches the response.
func (t *Trace) Keyed(key string) {
	defer t.lock()()
	t.view.CacheKey = key
	t.fact("cache key", key)
}

// Tells reports whether the line of the request says, or will say, why it failed.
func (t *Trace) Tells() bool {
	defer t.lock()()
	return t.sent != nil && (!t.view.Done || t.view.Cause != "")
}

// Reject records why the viewer doesn't get the handler's response, in the stage that
// is open, or else the last one. The request's log line shows it. If that line was written
// before, log gets an event, unless log is nil. The status is that of the response, or 0
// if it is cut.
func (t *Trace) Reject(log *slog.Logger, status int, cause, hint string) {
	outcome, level := Failed, slog.LevelError
	if status >= 400 && status < 500 {
		outcome, level = Refused, slog.LevelWarn
	}
	if log != nil && !t.Tells() {
		fault.Log(log, level, "a request failed", cause, hint, "status", status)
	}
	defer t.lock()()
	t.view.Cause, t.view.Hint, t.view.Level = cause, hint, level
	t.view.Failure = &Failure{Cause: cause, Hint: hint, Statement: t.missing}
	s := t.open()
	if s == nil && len(t.view.Stages) > 0 {
		s = t.view.Stages[len(t.view.Stages)-1]
	}
	if s == nil {
		return
	}
	t.view.Failed, t.view.Failure.Stage = s.Name, slices.Index(t.view.Stages, s)
	if s.Outcome != Answered {
		s.close(outcome)
	}
}

// Missing records the statement of a policy, whose absence is an error, that would let the
// request pass, before that is rejected. It may be nil.
func (t *Trace) Missing(statement error) {
	defer t.lock()()
	t.missing = statement
}

// Print records a line of the handler.
func (t *Trace) Print(level, text string) {
	defer t.lock()()
	if t.log != nil && len(t.view.Logs) < maxLines {
		t.view.Logs = append(t.view.Logs, Line{t.now(), level, cut(text, maxLine)})
	}
}

// now returns the milliseconds since the request arrived.
func (t *Trace) now() float64 {
	return toMicroseconds(float64(time.Since(t.began)) / float64(time.Millisecond))
}

func toMicroseconds(ms float64) float64 { return math.Round(ms*1000) / 1000 }

// open returns the stage that was opened last, of those that are open, or nil; the
// caller holds t.mu.
func (t *Trace) open() *Stage {
	for _, s := range slices.Backward(t.view.Stages) {
		if s.Outcome == "" {
			return s
		}
	}
	return nil
}

// cut returns the beginning of a text that is longer than limit bytes.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:limit], "")) + "…"
}
