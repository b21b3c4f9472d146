package lambda

import (
	"context"
	"log/slog"
	"maps"
)

// An adapterRun serves the invocations of an environment in place of AWS's Lambda
// Web Adapter until ctx ends: package adapter's Run, but for tests.
type adapterRun func(ctx context.Context, runtimeAPI string, variables map[string]string, listening func() []int, log *slog.Logger) error

// startAdapter runs the stand-in beside the app's process.
func (e *environment) startAdapter() {
	ctx, cancel := context.WithCancel(context.Background())
	e.stopAdapter = cancel
	variables := maps.Clone(e.function.config.Environment)
	if variables == nil {
		variables = map[string]string{}
	}
	maps.Copy(variables, e.ownPorts)
	e.watching.Go(func() {
		err := e.function.adapt(ctx, e.listener.Addr().String(), variables, e.listening, e.log)
		if err != nil && ctx.Err() == nil {
			e.mu.Lock()
			inv := e.current
			e.mu.Unlock()
			e.kill(newFunctionError(errorExtensionCrash, requestID(inv), err.Error()), nil)
		}
	})
}

// listening returns the ports that the processes of the app listen on.
func (e *environment) listening() []int {
	if process := e.runtimeProcess(); process != nil {
		return listeningPorts(process.cmd.Process.Pid)
	}
	return nil
}
