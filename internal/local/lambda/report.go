package lambda

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/handlerlog"
	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
)

// report logs why an invocation, or an environment before its first one, failed.
func (e *environment) report(err error, inv *invocation) {
	var failure *FunctionError
	if !errors.As(err, &failure) {
		e.log.Error(err.Error())
		return
	}
	e.mu.Lock()
	initialized, process := e.initialized, e.process
	e.mu.Unlock()
	if process != nil {
		process.settle()
	}
	attributes := []any{"errorType", failure.Type}
	if failure.RequestID != "" {
		attributes = append(attributes, "requestId", failure.RequestID)
	}
	if !initialized {
		if before := e.failedBefore(failure); before != "" {
			e.log.Error(handlerlog.Printable(failure.Message)+", as "+before+" did: see its report above", attributes...)
			return
		}
	}
	why := explain(failure, initialized, inv != nil && inv.hasBegun())
	if ofApp := e.explainApp(failure); ofApp.cause != "" && !initialized && e.function.config.isApp() {
		why = ofApp
	}
	if last := e.tail.String(); last != "" && (failure.Type == errorExit || failure.Type == errorExtensionCrash) {
		// An Attr, because Log would shorten a string to its beginning.
		attributes = append(attributes, slog.String("output", last))
	}
	fault.Log(e.log, slog.LevelError, handlerlog.Printable(failure.Message), why.cause, why.hint, attributes...)
}

// A failedStart is how an environment failed before its first event.
type failedStart struct {
	how, environment string
}

// failedBefore returns the environment whose report says what failure is, because it
// failed in the same way and none has started since; or "", and remembers this one.
func (e *environment) failedBefore(failure *FunctionError) string {
	how := failure.Type + " " + strings.TrimPrefix(failure.Message, requestPrefix(failure.RequestID))
	if last := e.function.failedStart.Load(); last != nil && last.how == how {
		return last.environment
	}
	e.function.failedStart.Store(&failedStart{how, e.id})
	return ""
}

// An explanation is what went wrong and what to do.
type explanation struct{ cause, hint string }

// explanations are by the type of an error. Others are the handler's.
var explanations = map[string]explanation{
	errorExit:            {"the function's process exited during the request", "read its last lines of output; a panic or an exit ends the process"},
	errorTimedOut:        {"the handler took longer than the function's timeout, or never closed its response", "end the response, or raise the function's Timeout"},
	errorEntrypoint:      {"the handler's process couldn't be started", "synthesize again, and check the program's file and architecture"},
	errorExtensionCrash:  {"a process that runs beside the handler exited, and Lambda ends the environment with it", "read its last lines of output"},
	errorExtensionLaunch: {"an extension couldn't be started", "check the file in the directory extensions of its layer: its mode, and that it is built for this machine"},
	errorTooLarge:        {"the response is larger than Lambda allows", "stream it, make it smaller, or put it in S3"},
	errorTruncated:       {"the runtime didn't finish its response", "look at the runtime's client; it must end its chunked body"},
	adapter.ErrorType:    {"the web app behind the adapter gave no response that Lambda takes", "read the error, and the app's lines before it"},
}

// initExplanations take their place in the init phase.
var initExplanations = map[string]explanation{
	errorExit:     {"the function's process exited before it asked for its first event", "read its last lines of output; run the handler by itself to see it fail"},
	errorTimedOut: {"the handler didn't ask for its first event within the limit of the init phase", "do less before the handler starts"},
}

// explain explains an error of an invocation whose response may have begun.
func explain(failure *FunctionError, initialized, begun bool) explanation {
	found, ok := explanations[failure.Type]
	early, differs := initExplanations[failure.Type]
	switch {
	case !initialized && differs:
		found = early
	case !initialized && !ok:
		found = explanation{"the handler's code couldn't be loaded", "read the error and the lines before it; check Handler and what the code imports"}
	case failure.Type == errorExit && strings.Contains(failure.Message, "signal: "):
		found = explanation{"a signal ended the function's process during the request", "find out what sent it: kill, or the system when memory ran out"}
	case !ok:
		found = explanation{"the handler returned or threw an error", "read the lines that it wrote before this one"}
	}
	if begun {
		found.cause += "; the response had begun, so on AWS the viewer sees a short response that looks complete"
	}
	return found
}
