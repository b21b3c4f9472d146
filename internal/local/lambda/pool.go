package lambda

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// returnGrace is how long a request waits for an environment that has responded
// and is about to ask for its next event. Otherwise a request that follows another
// at once would always be a cold start.
const returnGrace = 50 * time.Millisecond

// A waiter is a request that waits for an environment.
type waiter struct {
	inv    *invocation
	taken  chan struct{} // closed when an environment, or Close, took the request
	inLine bool          // the wait begins again whenever the line moves
}

// dispatch gives inv to an idle, returning or new environment, or returns a
// *ThrottledError, ErrClosed or ctx's error. After nil, inv ends by itself.
func (f *Function) dispatch(ctx context.Context, inv *invocation) error {
	mayWait, mayQueue := true, true
	for {
		f.mu.Lock()
		if f.closed {
			f.mu.Unlock()
			return ErrClosed
		}
		if n := len(f.idle); n > 0 {
			e := f.idle[n-1]
			f.idle = f.idle[:n-1]
			f.mu.Unlock()
			if e.deliver(inv) {
				return nil
			}
			continue // it exited while idle
		}
		limit, reason := f.limit()
		full := len(f.environments) >= limit
		wait, inLine := time.Duration(0), false
		if mayWait && f.count(returning) > len(f.waiters) {
			wait = f.returnGrace
		}
		if mayWait && f.count(warming) > len(f.waiters) {
			wait = f.initLimit
		}
		if mayQueue && full && reason == ReasonConcurrency {
			wait = max(wait, f.config.MaxWait)
			mayQueue, inLine = false, true
		}
		if wait > 0 {
			w := &waiter{inv: inv, taken: make(chan struct{}), inLine: inLine}
			f.waiters = append(f.waiters, w)
			f.mu.Unlock()
			if taken, err := f.await(ctx, w, wait); taken || err != nil {
				return err
			}
			mayWait = false
			continue
		}
		if full {
			f.mu.Unlock()
			return &ThrottledError{Function: cmp.Or(f.config.Path, f.config.Name), Reason: reason, Limit: limit}
		}
		e := f.register(inv)
		f.mu.Unlock()
		e.start()
		return nil
	}
}

// await reports whether w was taken within wait.
func (f *Function) await(ctx context.Context, w *waiter, wait time.Duration) (bool, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-w.taken:
			return true, nil
		case <-timer.C:
		case <-ctx.Done():
		}
		f.mu.Lock()
		left := wait - time.Since(f.moved)
		if !w.inLine || left <= 0 || ctx.Err() != nil {
			break
		}
		f.mu.Unlock()
		timer.Reset(left)
	}
	defer f.mu.Unlock()
	if i := slices.Index(f.waiters, w); i >= 0 {
		f.waiters = slices.Delete(f.waiters, i, i+1)
		return false, ctx.Err()
	}
	return true, nil
}

// redispatch finds another environment for a request whose environment exited
// before it fetched the event.
func (f *Function) redispatch(inv *invocation) {
	if err := f.dispatch(context.Background(), inv); err != nil {
		inv.fail(err)
	}
}

// release makes an environment that asked for its next event available.
func (f *Function) release(e *environment) {
	f.mu.Lock()
	e.returning, e.warming = false, false
	if _, alive := f.environments[e]; !alive || f.closed {
		f.mu.Unlock()
		return
	}
	if len(f.waiters) == 0 {
		e.idleSince = time.Now()
		f.idle = append(f.idle, e)
		f.watchIdle()
		f.mu.Unlock()
		return
	}
	w := f.takeFirst()
	f.mu.Unlock()
	if !e.deliver(w.inv) {
		f.redispatch(w.inv)
	}
}

// takeFirst removes the first waiter from the line; the caller holds f.mu.
func (f *Function) takeFirst() *waiter {
	w := f.waiters[0]
	f.waiters = slices.Delete(f.waiters, 0, 1)
	f.moved = time.Now()
	close(w.taken)
	return w
}

// responded records that e will soon be free.
func (f *Function) responded(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e.returning = true
}

// count returns how many environments are in a state; the caller holds f.mu.
func (f *Function) count(is func(*environment) bool) (n int) {
	for e := range f.environments {
		if is(e) {
			n++
		}
	}
	return n
}

func returning(e *environment) bool { return e.returning }
func warming(e *environment) bool   { return e.warming }

// forget removes e, so that another environment may start.
func (f *Function) forget(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, alive := f.environments[e]; !alive {
		return
	}
	delete(f.environments, e)
	f.idle = slices.DeleteFunc(f.idle, func(other *environment) bool { return other == e })
	if len(f.waiters) > 0 {
		go f.redispatch(f.takeFirst().inv)
	}
}
