package lambda

import "time"

// runtimeGrace is the time between SIGTERM and SIGKILL of a runtime with extensions.
// Without, SIGKILL comes at once.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#runtimes-lifecycle-shutdown
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
// (Shutdown phase: 0 ms without extensions, 500 ms with an internal one).
const runtimeGrace = 500 * time.Millisecond

// shutDown ends the environment because it isn't needed any more.
func (e *environment) shutDown() {
	e.mu.Lock()
	if e.phase == phaseDead {
		e.mu.Unlock()
		return
	}
	// AWS's adapter is an extension.
	extended := e.extended || e.function.config.Adapter
	if !extended || e.phase != phaseIdle || e.process == nil {
		e.mu.Unlock()
		e.kill(ErrClosed, nil)
		return
	}
	e.die(ErrClosed)
	e.mu.Unlock()
	e.function.forget(e)
	e.process.terminate()
	select {
	case <-e.process.exited:
	case <-time.After(runtimeGrace):
		e.process.kill()
	}
}
