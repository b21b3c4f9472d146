package lambda

import "time"

// shutdownGrace is the time between SIGTERM and SIGKILL for an environment with
// an internal extension. Without one, SIGKILL comes at once.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
// (Shutdown phase: 0 ms without extensions, 500 ms with an internal one).
const shutdownGrace = 500 * time.Millisecond

// shutDown ends the environment because the function is closed.
func (e *environment) shutDown() {
	e.mu.Lock()
	if e.phase == phaseDead {
		e.mu.Unlock()
		return
	}
	graceful := e.extension && e.phase == phaseIdle && e.process != nil
	if !graceful {
		e.mu.Unlock()
		e.kill(ErrClosed, nil)
		return
	}
	e.phase = phaseDead
	e.cause = ErrClosed
	e.mu.Unlock()
	e.function.forget(e)
	e.process.terminate()
	select {
	case <-e.ended:
	case <-time.After(shutdownGrace):
		e.process.kill()
	}
}
