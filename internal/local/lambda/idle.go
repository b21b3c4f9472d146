package lambda

import "time"

// idleLimit is how long environments stay idle. Lambda ends all of them at some
// time that it doesn't document; here the one that was used last stays, so that a
// function that is being worked on stays warm.
const idleLimit = time.Minute

// endIdle ends the environments that have been idle for too long, and watches
// the others.
func (f *Function) endIdle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idleTimer = nil
	for len(f.idle) > 1 && time.Since(f.idle[0].idleSince) >= f.idleLimit {
		go f.idle[0].shutDown() // dispatch can no longer take it
		f.idle = f.idle[1:]
	}
	f.watchIdle()
}

// watchIdle has endIdle called when the oldest idle environment has been so for
// too long. The caller holds f.mu.
func (f *Function) watchIdle() {
	if f.closed || f.idleTimer != nil || len(f.idle) < 2 {
		return
	}
	f.idleTimer = time.AfterFunc(f.idleLimit-time.Since(f.idle[0].idleSince), f.endIdle)
}
