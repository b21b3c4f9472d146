package lambda

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// report explains why an invocation, or an environment before its first one, failed. It
// is an event unless the line of the request says it.
func (e *environment) report(failure *FunctionError, told bool) {
	e.mu.Lock()
	initialized, process := e.initialized, e.process
	e.mu.Unlock()
	if process != nil {
		process.settle()
	}
	if !initialized {
		failure.early = explainInit(failure)
		if ofApp := e.explainApp(failure); ofApp.cause != "" && e.function.config.isApp() {
			failure.early = ofApp
		}
		for _, line := range e.tail.takeHeld() {
			e.log.ErrorContext(e.requestContext(), line)
		}
	}
	if why := failure.why(); !told {
		e.log.ErrorContext(e.requestContext(), failure.short(), "errorType", failure.Type, "cause", why.cause, "hint", why.hint)
	}
}

// told reports whether the line of the request says why an invocation failed.
func told(inv *invocation) bool {
	return inv != nil && trace.FromContext(inv.context).Tells()
}

// An explanation is what went wrong and what to do.
type explanation struct{ cause, hint string }

// explanations are by the type of an error. Others are the handler's.
var explanations = map[string]explanation{
	errorExit:            {"the function's process exited during the request", "read its last lines; a panic or an exit ends the process"},
	errorTimedOut:        {"the handler took longer than the function's timeout, or never closed its response", "end the response, or raise the function's Timeout"},
	errorEntrypoint:      {"the handler's process couldn't be started", "synthesize again, and check the program's file and architecture"},
	errorExtensionCrash:  {"a process that runs beside the handler exited, and Lambda ends the environment with it", "read its last lines"},
	errorExtensionLaunch: {"an extension couldn't be started", "check the file in the directory extensions of its layer: its mode, and that it is built for this machine"},
	errorTooLarge:        {"the response is larger than Lambda allows", "stream it, make it smaller, or put it in S3"},
	errorTruncated:       {"the runtime didn't finish its response", "look at the runtime's client; it must end its chunked body"},
	adapter.ErrorType:    {"the web app behind the adapter gave no response that Lambda takes", "read the app's lines before this one"},
}

// initExplanations take their place in the init phase.
var initExplanations = map[string]explanation{
	errorExit:     {"the function's process exited before it asked for its first event", "read its last lines; run the handler by itself to see it fail"},
	errorTimedOut: {"the handler didn't ask for its first event within the limit of the init phase", "do less before the handler starts"},
}

// explainInit explains an error in the init phase.
func explainInit(failure *FunctionError) explanation {
	if early, ok := initExplanations[failure.Type]; ok {
		return early
	}
	if found, ok := explanations[failure.Type]; ok {
		return found
	}
	return explanation{"the handler's code couldn't be loaded", "read the lines before this one; check Handler and what the code imports"}
}

// why explains the error.
func (e *FunctionError) why() explanation {
	found, ok := explanations[e.Type]
	switch {
	case e.early.hint != "":
		return e.early
	case e.Type == errorExit && strings.Contains(e.Message, "signal: "):
		return explanation{"a signal ended the function's process during the request", "find out what sent it: kill, or the system when memory ran out"}
	case !ok:
		return explanation{hint: "read what the handler logged"} // its own error
	}
	return found
}
