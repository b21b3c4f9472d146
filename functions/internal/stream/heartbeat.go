package stream

import "time"

// beat sends a heartbeat whenever the stream has been quiet for a while.
func (s *Stream) beat(every time.Duration) {
	defer close(s.still)
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			timer.Reset(s.beatIfQuiet(every))
		case <-s.ctx.Done():
			return
		}
	}
}

// beatIfQuiet returns when to look again.
func (s *Stream) beatIfQuiet(every time.Duration) time.Duration {
	// If the stream is locked, a message is on its way. Waiting for the lock
	// would let Close wait for a handler that panics while it holds it.
	if !s.mu.TryLock() {
		return every
	}
	defer s.mu.Unlock()
	if left := every - time.Since(s.last); left > 0 {
		return left
	}
	s.write(s.heartbeat)
	return every
}
