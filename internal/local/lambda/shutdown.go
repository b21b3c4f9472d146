package lambda

import (
	"errors"
	"time"
)

// Limits of the shutdown phase. Without extensions, SIGKILL comes at once.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#runtimes-lifecycle-shutdown
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
// (Shutdown phase: 0 ms without extensions, 500 ms with an internal one).
const (
	// runtimeGrace is the time between SIGTERM and SIGKILL of a runtime with
	// extensions.
	runtimeGrace = 500 * time.Millisecond

	// extensionsGrace is the time of the whole phase with external extensions.
	extensionsGrace = 2 * time.Second
)

// Reasons in shutdown events. The guide writes them in capitals.
//
// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
const (
	reasonSpindown = "spindown"
	reasonTimeout  = "timeout"
	reasonFailure  = "failure"
)

// shutdownReason words the cause of an environment's end for extensions.
func shutdownReason(cause error) string {
	var failure *FunctionError
	switch {
	case cause == ErrClosed:
		return reasonSpindown
	case errors.As(cause, &failure) && failure.Type == errorTimedOut:
		return reasonTimeout
	}
	return reasonFailure
}

// shutDown ends the environment because it isn't needed any more.
func (e *environment) shutDown() {
	e.mu.Lock()
	if e.phase == phaseDead {
		e.mu.Unlock()
		return
	}
	// AWS's adapter is an extension.
	extended := len(e.extensions) > 0 || e.function.config.Adapter
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

// shutDownExtensions ends the external extensions after the runtime: those that
// want the shutdown event get it and the rest of the phase's time.
func (e *environment) shutDownExtensions(reason string) {
	deadline := time.Now().Add(extensionsGrace)
	if reason == reasonSpindown {
		deadline = deadline.Add(-runtimeGrace)
	}
	e.mu.Lock()
	extensions := e.extensions
	event := shutdownEvent(reason, deadline)
	for _, x := range extensions {
		switch {
		case x.process == nil:
		case x.shutdown && x.id != "":
			x.send(event)
		default:
			x.process.kill()
		}
	}
	e.mu.Unlock()
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	for _, x := range extensions {
		if x.process == nil {
			continue
		}
		select {
		case <-x.process.exited:
		case <-timer.C:
			killExtensions(extensions)
			return
		}
	}
}

// killExtensions ends external extensions at once.
func killExtensions(extensions []*extension) {
	for _, x := range extensions {
		if x.process != nil {
			x.process.kill()
		}
	}
}
