package runs

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

const (
	// maxEvent and maxRun are in bytes. A run stays in memory until it ends.
	maxEvent, maxRun = 128 << 10, 32 << 20

	// reserve is the time between the end of a run's context and the deadline of its
	// function, at most half of what is left. A producer may use up grace of it.
	reserve, grace = 5 * time.Second, time.Second
)

// A recorder keeps the events of one run in memory, for who started it, and writes them.
type recorder struct {
	place
	options Options
	head    item
	renewed time.Time
	saved   int   // how many events are written
	broken  error // why the next ones aren't

	mu     sync.Mutex
	change sync.Cond // of what follows
	events [][2]string
	size   int // in bytes
	over   bool
}

// Start starts a run and sends its events, and returns when the run has ended and is
// written. The run's context doesn't end with the request's, but 5 s before its deadline.
//
// If the store can't be reached, the run isn't recorded: the log says so, and events
// have no ids, so that clients don't resume. If it can't be reached later, the run fails.
func (r *Runs) Start(w http.ResponseWriter, request *http.Request, key Key, produce Producer) {
	rec, ended := r.begin(request.Context(), key), make(chan struct{})
	out := r.writer(w, request)
	defer out.Close()
	go func() {
		defer close(ended)
		rec.record(request.Context(), produce)
	}()
	defer func() { <-ended }()
	var sent int64
	for event, ok := rec.next(sent); ok; event, ok = rec.next(sent) {
		if sent++; out.Send(rec.event(sent, event)) != nil {
			return
		}
	}
	<-ended
	r.sendEnd(out, rec.place, rec.head.State.S)
}

// begin writes the heads of a run and of its chat.
func (r *Runs) begin(ctx context.Context, key Key) *recorder {
	id, now := rand.Text(), time.Now()
	rec := &recorder{place: place{r.store, partition("run", key.Owner, id), id}, options: r.options, renewed: now}
	rec.change.L = &rec.mu
	expires := number{now.Add(r.options.Keep).Unix()}
	rec.head = item{Run: text{rec.run}, Number: number{headNumber}, Expires: expires, State: text{running}, Alive: number{now.Add(r.options.Lease).UnixMilli()}}
	err := r.store.put(ctx, rec.head, 0)
	if err == nil && key.Chat != "" {
		err = r.store.put(ctx, item{Run: text{partition("chat", key.Owner, key.Chat)}, Number: number{headNumber}, Expires: expires, Current: text{id}}, 0)
	}
	if err != nil {
		slog.ErrorContext(ctx, "the run isn't recorded: viewers can't resume it", "error", err.Error())
		rec.store, rec.id = new(Memory), ""
		rec.store.put(ctx, rec.head, 0)
	}
	return rec
}

// record runs the producer and writes its events until the run is over.
func (r *recorder) record(ctx context.Context, produce Producer) {
	stored, deadline := context.WithoutCancel(ctx), time.Now().Add(math.MaxInt64)
	if end, ok := ctx.Deadline(); ok {
		deadline = end.Add(-min(reserve, time.Until(end)/2))
	}
	ctx, release := context.WithDeadline(stored, deadline)
	defer release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	produced := make(chan error, 2)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				produced <- fmt.Errorf("runs: the producer panicked: %v\n%s", p, debug.Stack())
			}
		}()
		produced <- produce(ctx, r.emit)
	}()
	tick, done, left := time.Tick(r.options.FlushEvery), ctx.Done(), (<-chan time.Time)(nil)
	for {
		select {
		case err := <-produced:
			r.end(ctx, stored, err)
			return
		case <-left:
			produced <- context.Cause(ctx)
		case <-done:
			done, left = nil, time.After(grace)
		case <-tick:
			if err := r.save(stored); err != nil {
				cancel(err)
			}
		}
	}
}

// emit takes an event of the producer.
func (r *recorder) emit(event sse.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	size := len(event.Name) + len(event.Data)
	switch {
	case r.over:
		return errOver
	case size > maxEvent, r.size+size > maxRun, strings.ContainsAny(event.Name, "\r\n"):
		return fmt.Errorf("runs: can't take the event %.40q of %d bytes: send up to %d, in a run of up to %d, and no line break in a name", event.Name, size, maxEvent, maxRun)
	}
	r.size += size
	r.events = append(r.events, [2]string{event.Name, event.Data})
	r.change.Broadcast()
	return nil
}

// next waits for the event after a number, and reports whether there is one.
func (r *recorder) next(number int64) (event [2]string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.over && int(number) == len(r.events) {
		r.change.Wait()
	}
	if ok = int(number) < len(r.events); ok {
		event = r.events[number]
	}
	return event, ok
}

// save writes what isn't written yet, and renews the lease when it is time. It returns
// why the run has to end. After an error it writes no more events: there would be a gap,
// and viewers of a run whose lease is over, because the process was frozen, have left.
func (r *recorder) save(ctx context.Context) error {
	if r.broken == nil && time.Now().UnixMilli() > r.head.Alive.N {
		r.broken = errOver
	}
	r.mu.Lock()
	events := r.events
	r.mu.Unlock()
	for r.saved < len(events) && r.broken == nil {
		packed, n := pack(events[r.saved:])
		number := number{int64(r.saved + n)}
		if r.broken = r.store.put(ctx, item{Run: r.head.Run, Number: number, Expires: r.head.Expires, Events: binary{packed}}, 0); r.broken == nil {
			r.saved += n
		}
	}
	if r.broken != nil || time.Since(r.renewed) < r.options.Lease/10 {
		return r.broken
	}
	r.renewed = time.Now()
	r.head.Alive.N = r.renewed.Add(r.options.Lease).UnixMilli()
	if err := r.store.put(ctx, r.head, math.MaxInt64); err != nil {
		return err
	}
	marks, err := r.store.query(ctx, r.run, markNumber-1)
	if len(marks) > 1 {
		return ErrStopped
	}
	return err
}

// end writes what is left, and how the run ended.
func (r *recorder) end(ctx, stored context.Context, err error) {
	r.mu.Lock()
	r.over = true
	r.change.Broadcast()
	r.mu.Unlock()
	r.save(stored)
	state := failed
	switch {
	case r.broken != nil:
		err = r.broken
	case err == nil:
		state = done
	case context.Cause(ctx) == ErrStopped:
		state = stopped
	case ctx.Err() == context.DeadlineExceeded:
		state = late
	}
	r.head.State.S, r.head.Last.N = state, markNumber
	if state == done {
		r.head.Last.N = int64(r.saved)
	}
	unwritten := r.store.put(stored, r.head, math.MaxInt64)
	if err != nil || unwritten != nil {
		slog.ErrorContext(ctx, "the run ended early", "state", state, "error", fmt.Sprint(err), "unwritten", fmt.Sprint(unwritten))
	}
}
