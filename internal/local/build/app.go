package build

import (
	"context"
	"log/slog"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An App is what an assembly defines that can be served. The caller closes it.
type App struct {
	// Parts are the fronts and then the others, each by stack and logical id.
	Parts []Part

	// Outputs are those of the stacks, as "Stack.Name" and value.
	Outputs [][2]string

	functions *functions
	endpoints []*endpoint
}

// Start makes functions ready: it finds the interpreters and programs that they
// need on this machine. No function runs yet. It is called once, before requests. A
// function that this machine can't run responds with 501.
func (a *App) Start() {
	a.functions.start()
	for _, url := range a.endpoints {
		if url.function != nil && url.function.stub != nil {
			url.server = *url.function.stub
		}
	}
}

// Warm starts one environment of each function, so that the first request
// doesn't have to, and a handler that crashes at start is reported before it. It
// returns when all have started, failed, or ctx has ended.
func (a *App) Warm(ctx context.Context) {
	a.functions.warm(ctx)
}

// Close ends every process and removes what was unpacked. Requests in progress
// are cut.
func (a *App) Close() error {
	return a.functions.close()
}

// abandon closes the app and returns why, without secrets.
func (a *App) abandon(err error) error {
	if closing := a.Close(); closing != nil {
		fault.Log(a.functions.log, slog.LevelWarn, "can't clean up", closing.Error(), "")
	}
	return fault.Redact(err, a.functions.options.Values)
}
