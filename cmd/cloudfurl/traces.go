package main

import (
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// traceFlags say what is recorded of requests, and where it is shown.
type traceFlags struct {
	Inspect   string `group:"address" placeholder:"ADDRESS" help:"Address of the page that shows what happened to the last requests; \"off\" records nothing (default: ${inspector}, or another port if that is in use)."`
	LogTraces bool   `help:"Add its whole trace to the line of each request, with --json."`
}

const noInspector = "off"

// tracesKept is how many requests the inspector shows.
const tracesKept = 300

// apply sets what the flags mean for the app.
func (f *traceFlags) apply(options *build.Options, asJSON bool) error {
	if f.LogTraces && !asJSON {
		return fault.At("--log-traces", fault.New("add --json", "needs --json"))
	}
	kept := tracesKept
	switch {
	case f.Inspect == noInspector && f.LogTraces:
		kept = 1
	case f.Inspect == noInspector:
		kept = 0
	}
	options.Traces, options.LogTraces = trace.NewLog(kept), f.LogTraces
	return nil
}
