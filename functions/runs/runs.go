package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// ErrStopped is the cause with which the context of a run ends after [Runs.Stop].
var ErrStopped = errors.New(stopped)

// A Key names a run.
type Key struct {
	// Owner is who may read and stop the run: the subject of a verified token, a
	// tenant, or what else your authentication has proved. It is required: requests
	// without one have to be rejected before, and Start, Resume and Stop panic.
	Owner string

	// ID is the id of a run. Start makes one up.
	// Default: the run of the request's Last-Event-ID
	ID string

	// Chat is what the run belongs to, such as the id of a conversation. Resume and
	// Stop find its latest run by it.
	// Default: empty, none
	Chat string
}

// A Producer makes the events of a run. emit keeps their Name and Data, of up to 128 KB
// each and 32 MB in all, and numbers them. It waits for nobody, and returns an error when
// the run is over. A producer has to return soon after ctx has ended: a second later the
// run ends without it.
type Producer func(ctx context.Context, emit func(sse.Event) error) error

// Options are the options of New.
type Options struct {
	// Keep is how long a run can be resumed, from its start on.
	// Default: 24 hours
	Keep time.Duration

	// FlushEvery is how often events are written, if there are any.
	// Default: 200 ms
	FlushEvery time.Duration

	// Lease is how long a run without a sign of life counts as alive. It is renewed
	// every tenth of it; a stop is noticed then, too.
	// Default: 10 s
	Lease time.Duration

	// UIMessages serves the UI message stream of the AI SDK: its header, and its error
	// chunk for runs that don't end by themselves.
	//
	// See: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
	UIMessages bool
}

// Runs records runs in a store. It is safe for concurrent use.
type Runs struct {
	store   Store
	options Options
}

// New returns Runs with a store: a [Table], or a [Memory] in unit tests. Nil options
// are the defaults.
func New(store Store, options *Options) *Runs {
	if options == nil {
		options = new(Options)
	}
	complete := *options
	complete.Keep = cmp.Or(options.Keep, 24*time.Hour)
	complete.FlushEvery = cmp.Or(options.FlushEvery, 200*time.Millisecond)
	complete.Lease = cmp.Or(options.Lease, 10*time.Second)
	return &Runs{store, complete}
}

// A place is where a run is kept.
type place struct {
	store Store
	run   string // the partition key
	id    string // empty for a run that can't be resumed
}

func (p place) event(number int64, content [2]string) sse.Event {
	event := sse.Event{Name: content[0], Data: content[1]}
	if p.id != "" {
		event.ID = p.id + "." + strconv.FormatInt(number, 10)
	}
	return event
}

// resumed returns the run and the number of an event's id, or 0 if it isn't one of ours.
func resumed(id string) (run string, number int64) {
	run, digits, _ := strings.Cut(id, ".")
	n, _ := strconv.ParseInt(digits, 10, 64)
	return run, min(max(n, 0), markNumber)
}

func (r *Runs) writer(w http.ResponseWriter, request *http.Request) *sse.Writer {
	if r.options.UIMessages {
		w.Header().Set("X-Vercel-Ai-Ui-Message-Stream", "v1")
	}
	return sse.NewWriter(w, request, nil)
}

// sendEnd sends the last event of a run that didn't end by itself. Its number doesn't
// follow from what is written: viewers may have seen more of a function that died.
func (r *Runs) sendEnd(out *sse.Writer, at place, state string) {
	kind, field := "run_failed", "error"
	if r.options.UIMessages {
		kind, field = "error", "errorText"
	}
	if state != done {
		out.SendJSON(at.event(markNumber, [2]string{kind}), map[string]string{"type": kind, field: state})
	}
}

// refuse responds to a request for a run that can't be found, as the edge functions do.
func refuse(w http.ResponseWriter, request *http.Request, err error) {
	status, message := http.StatusNotFound, "there is no such run, or it has expired: start one"
	if err != errNone {
		slog.ErrorContext(request.Context(), "a run can't be read", "error", err.Error())
		status, message = http.StatusServiceUnavailable, "the run can't be read now: try again"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, "{\"error\":{\"message\":%q}}\n", message)
}

// A Store keeps runs: a [Table] or a [Memory].
type Store interface {
	// put writes an item. Unless alive is 0, it replaces the head of a run that is
	// running, with a lease until alive at most, or returns errOver.
	put(ctx context.Context, i item, alive int64) error

	// query returns the items of a run after a number, in order. It may leave out the
	// last ones.
	query(ctx context.Context, run string, after int64) ([]item, error)
}

var errOver = errors.New("the run is over, or its lease is")

// A Memory is a store for unit tests: it ends with its process, and environments of
// Lambda don't share it. The zero value is empty.
type Memory struct {
	mu    sync.Mutex
	items []item
}

func (m *Memory) put(_ context.Context, i item, alive int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.items, func(old item) bool { return old.Run == i.Run && old.Number == i.Number })
	if alive != 0 && (at < 0 || m.items[at].State.S != running || m.items[at].Alive.N > alive) {
		return errOver
	}
	if at >= 0 {
		m.items = slices.Delete(m.items, at, at+1)
	}
	m.items = append(m.items, i)
	return nil
}

func (m *Memory) query(_ context.Context, run string, after int64) (found []item, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.items {
		if i.Run.S == run && i.Number.N > after {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b item) int { return cmp.Compare(a.Number.N, b.Number.N) })
	return found, nil
}
