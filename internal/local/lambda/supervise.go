package lambda

import (
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// supervise waits for the runtime to end, logs why, and cleans up.
func (e *environment) supervise() {
	e.mu.Lock()
	process := e.process
	e.mu.Unlock()
	var state *os.ProcessState
	if process != nil {
		state = process.wait()
	}

	e.mu.Lock()
	wasReady := e.initialized
	if e.phase != phaseDead {
		e.die(nil)
	}
	inv, cause := e.current, e.cause
	if cause == nil {
		cause = e.initFailure
	}
	if e.timer != nil {
		e.timer.Stop()
	}
	streaming := inv != nil && inv.progress == responseStarted
	undelivered := wasReady && inv != nil && !inv.sent && cause == nil && !inv.redispatched
	if undelivered {
		inv.redispatched = true
	}
	responded := inv != nil && inv.progress == responseDone
	e.mu.Unlock()
	e.function.forget(e)

	if streaming && cause == nil {
		// What the process wrote before it exited may still be in transit.
		select {
		case <-inv.streamed:
		case <-time.After(time.Until(inv.deadline)):
		case <-e.function.closing:
		}
		e.mu.Lock()
		responded = inv.progress == responseDone
		e.mu.Unlock()
	}
	if cause == nil {
		cause = &FunctionError{Type: errorExit, Message: exitReason(state)}
	}
	switch {
	case cause == errPortIgnored, isExit(cause) && !wasReady && e.losesPort():
		cause = errPortIgnored
		e.function.sharePort()
		e.retry = inv == nil
	case cause == errInitTimedOut:
		cause = newTimeoutError(max(e.function.initLimit, e.function.config.Timeout))
	}
	if e.stopAdapter != nil {
		e.stopAdapter()
	}
	e.end(inv, cause, state, responded, undelivered)
	for _, x := range e.extensions {
		x.kill()
	}
	e.watching.Wait()
	e.close()
	if !wasReady {
		e.failure = cause
	}
	close(e.ended)
	e.function.running.Done()
}

// end logs why the environment ended, and fails the current request if it has
// no response.
func (e *environment) end(inv *invocation, cause error, state *os.ProcessState, responded, undelivered bool) {
	switch {
	case cause == ErrClosed:
		if inv != nil {
			inv.fail(cause)
		}
	case cause == errPortIgnored:
		if inv != nil {
			go e.function.redispatch(inv)
		}
	case undelivered:
		e.logIdleExit(state, "the request was given to another environment")
		go e.function.redispatch(inv)
	case inv == nil && e.initialized && isExit(cause):
		e.logIdleExit(state, "the next request starts a new environment")
	default:
		if failure, ok := errors.AsType[*FunctionError](cause); ok {
			e.report(failure, !responded && told(inv))
		}
		if inv != nil && !responded {
			inv.fail(cause)
		}
	}
}

// isExit reports whether the runtime's process ended by itself.
func isExit(cause error) bool {
	var failure *FunctionError
	return errors.As(cause, &failure) && failure.Type == errorExit
}

func (e *environment) logIdleExit(state *os.ProcessState, consequence string) {
	hint := "look for work that goes on after the response"
	if e.function.config.isApp() {
		hint = "read the app's last lines of output"
	}
	fault.Log(e.log, slog.LevelWarn, "the environment exited while idle; "+consequence,
		"its process ended between two requests: "+exitReason(state),
		hint, "process", state.String())
}
