package lambda

import (
	"context"

	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
)

// startAdapter runs the stand-in for AWS's Lambda Web Adapter beside the app's
// process; the caller holds e.mu.
func (e *environment) startAdapter() {
	ctx, cancel := context.WithCancel(context.Background())
	e.stopAdapter = cancel
	options := adapter.Options{
		RuntimeAPI: e.runtimeAPI(), Variables: e.values, Log: e.log,
		Listening: e.listening, Unready: e.rememberUnready,
	}
	e.watching.Go(func() {
		err := e.function.adapt(ctx, options)
		if err != nil && ctx.Err() == nil {
			e.kill(&FunctionError{Type: errorExtensionCrash, Message: err.Error()}, nil)
		}
	})
}

// listening returns the ports that the processes of the app listen on.
func (e *environment) listening() []int {
	return listeningPorts(e.runtimeAPI())
}

// rememberUnready keeps what is wrong with the app's answers to readiness checks,
// until the environment's end breaks them off.
func (e *environment) rememberUnready(cause, hint string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseDead {
		e.unready = explanation{cause, hint}
	}
}
