package main

import (
	"flag"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// traceFlags say what is recorded of requests, and where it is shown.
type traceFlags struct {
	inspect   string // an address, or noInspector
	logTraces bool
}

// noInspector turns the inspector off.
const noInspector = "off"

// tracesKept is how many requests the inspector shows.
const tracesKept = 300

// bind defines the flags.
func (f *traceFlags) bind(flags *flag.FlagSet) {
	flags.StringVar(&f.inspect, "inspect", "", "`address` of the page that shows what happened to the last requests; \"off\" records nothing\n(default: "+inspectorAddress+", or another port if that is in use)")
	flags.BoolVar(&f.logTraces, "log-traces", false, "with --json, add its whole trace to the line of each request")
}

// check sets what the flags mean for the app.
func (f *traceFlags) check(app *appFlags) error {
	if f.logTraces && !app.json {
		return fault.At("--log-traces", fault.New("add --json", "needs --json"))
	}
	kept := tracesKept
	switch {
	case f.inspect == noInspector && f.logTraces:
		kept = 1
	case f.inspect == noInspector:
		kept = 0
	}
	app.options.Traces, app.options.LogTraces = trace.NewLog(kept), f.logTraces
	return nil
}
