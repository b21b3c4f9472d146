package lambda

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Headers, events and errors of the Extensions API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
// See: https://github.com/aws/aws-lambda-runtime-interface-emulator (the types of errors)
const (
	headerExtensionName       = "Lambda-Extension-Name"
	headerExtensionID         = "Lambda-Extension-Identifier"
	headerExtensionEventID    = "Lambda-Extension-Event-Identifier"
	headerExtensionErrorType  = "Lambda-Extension-Function-Error-Type"
	eventInvoke               = "INVOKE"
	eventShutdown             = "SHUTDOWN"
	errorExtensionName        = "Extension.InvalidExtensionName"
	errorExtensionState       = "Extension.InvalidExtensionState"
	errorEventType            = "Extension.InvalidEventType"
	errorUnknownExtensionID   = "Extension.UnknownExtensionIdentifier"
	errorInvalidRequestFormat = "InvalidRequestFormat"
)

// handleExtensions adds the Extensions API, and what takes the place of APIs that
// aren't supported.
func (e *environment) handleExtensions(api *http.ServeMux) {
	api.HandleFunc("POST /2020-01-01/extension/register", e.registerExtension)
	api.HandleFunc("GET /2020-01-01/extension/event/next", e.extensionNext)
	api.HandleFunc("POST /2020-01-01/extension/init/error", e.extensionError(errorExtensionInit))
	api.HandleFunc("POST /2020-01-01/extension/exit/error", e.extensionError(errorExtensionExit))
	api.HandleFunc("PUT /2022-07-01/telemetry", e.noTelemetry("Telemetry"))
	api.HandleFunc("PUT /2020-08-15/logs", e.noTelemetry("Logs"))
}

func (e *environment) registerExtension(w http.ResponseWriter, r *http.Request) {
	name := r.Header.Get(headerExtensionName)
	if name == "" {
		reject(w, http.StatusForbidden, errorExtensionName, "Empty extension name")
		return
	}
	var registration struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, maxErrorBody)).Decode(&registration); err != nil {
		reject(w, http.StatusForbidden, errorInvalidRequestFormat, err.Error())
		return
	}
	e.mu.Lock()
	x, errorType, message := e.register(name, registration.Events)
	e.mu.Unlock()
	if x == nil {
		fault.Log(e.log, slog.LevelWarn, "rejected the extension "+name, message, "look at what it sends to /extension/register")
		reject(w, http.StatusForbidden, errorType, message)
		return
	}
	config := &e.function.config
	document := map[string]string{"functionName": config.Name, "functionVersion": latestVersion, "handler": config.Handler}
	w.Header().Set(headerExtensionID, x.id)
	respond(w, http.StatusOK, document)
}

// extensionOf returns the extension that sends a request, or rejects it.
func (e *environment) extensionOf(w http.ResponseWriter, r *http.Request) *extension {
	id := r.Header.Get(headerExtensionID)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.extensions {
		if x.id == id && id != "" {
			return x
		}
	}
	reject(w, http.StatusForbidden, errorUnknownExtensionID, "Unknown extension "+id)
	return nil
}

// extensionNext holds an extension until there is an event for it.
func (e *environment) extensionNext(w http.ResponseWriter, r *http.Request) {
	x := e.extensionOf(w, r)
	if x == nil {
		return
	}
	select {
	case x.asking <- struct{}{}:
		defer func() { <-x.asking }()
	case <-time.After(reconnectGrace):
		reject(w, http.StatusForbidden, errorExtensionState, "the extension is waiting for the next event already")
		return
	}
	e.mu.Lock()
	x.waiting = len(x.events) == 0 // or it connects again, to fetch its event
	free := e.settle()
	e.mu.Unlock()
	if free {
		e.function.release(e)
	}
	select {
	case event := <-x.events:
		w.Header().Set(headerExtensionEventID, NewRequestID())
		respondJSON(w, http.StatusOK, event)
	case <-r.Context().Done():
	}
}

// extensionError ends the environment for an error that an extension reports.
func (e *environment) extensionError(errorType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		x := e.extensionOf(w, r)
		if x == nil {
			return
		}
		body, _ := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
		e.mu.Lock()
		inv := e.current
		reason := newReportedError("", r.Header.Get(headerExtensionErrorType), body)
		x.reported = newFunctionError(errorType, requestID(inv), strings.TrimSuffix(reason.Type+": "+reason.Message, ": "))
		reported := x.reported
		e.mu.Unlock()
		accept(w)
		// It may write its last lines and exit.
		time.AfterFunc(initErrorGrace, func() { e.killFor(reported, x) })
	}
}

// noTelemetry responds as AWS's emulator does, so that extensions go on without.
//
// See: https://github.com/aws/aws-lambda-runtime-interface-emulator
func (e *environment) noTelemetry(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if x := e.extensionOf(w, r); x != nil {
			e.log.Warn("the extension " + x.name + " gets nothing from the " + name + " API, which isn't supported locally")
			reject(w, http.StatusAccepted, name+".NotSupported", name+" API is not supported")
		}
	}
}

// invokeEvent is the event of an invocation for extensions.
func (e *environment) invokeEvent(inv *invocation) []byte {
	event, _ := json.Marshal(map[string]any{
		"eventType": eventInvoke, "deadlineMs": inv.deadline.UnixMilli(), "requestId": inv.id,
		"invokedFunctionArn": e.function.config.ARN,
		"tracing":            map[string]string{"type": "X-Amzn-Trace-Id", "value": inv.traceID},
	})
	return event
}

// shutdownEvent is the event of an environment's end for extensions.
func shutdownEvent(reason string, deadline time.Time) []byte {
	event, _ := json.Marshal(map[string]any{
		"eventType": eventShutdown, "shutdownReason": reason, "deadlineMs": deadline.UnixMilli(),
	})
	return event
}
