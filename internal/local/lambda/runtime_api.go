package lambda

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// Headers, trailers and values of the Runtime API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
const (
	headerRequestID   = "Lambda-Runtime-Aws-Request-Id"
	headerDeadline    = "Lambda-Runtime-Deadline-Ms"
	headerFunctionARN = "Lambda-Runtime-Invoked-Function-Arn"
	headerTraceID     = "Lambda-Runtime-Trace-Id"
	headerErrorType   = "Lambda-Runtime-Function-Error-Type"
	trailerErrorBody  = "Lambda-Runtime-Function-Error-Body"
)

const (
	// maxErrorBody bounds a reported error, in bytes.
	// Inferred: it is limited like a buffered response.
	maxErrorBody = MaxBufferedResponse

	// maxRequestHeader leaves room for the X-Ray cause of an error, up to 1 MB.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
	maxRequestHeader = 2 << 20

	// reconnectGrace is how long a runtime that connects again may ask for an
	// event before its earlier request is known to be gone.
	reconnectGrace = 500 * time.Millisecond

	// initErrorGrace is how long a runtime that reported an init error may take
	// to write its last lines and exit.
	initErrorGrace = 500 * time.Millisecond
)

// newServer serves the Runtime API to one environment.
func (e *environment) newServer() *http.Server {
	api := http.NewServeMux()
	api.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.next)
	api.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", e.response)
	api.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", e.invocationError)
	api.HandleFunc("POST /2018-06-01/runtime/init/error", e.initError)
	e.handleExtensions(api)
	return &http.Server{
		Handler:        e.onlyRuntime(api),
		MaxHeaderBytes: maxRequestHeader,
		ConnState:      acknowledgeAtOnce,
		ErrorLog:       slog.NewLogLogger(e.log.Handler(), slog.LevelDebug),
	}
}

func (e *environment) runtimeAPI() string { return e.listener.Addr().String() }

// onlyRuntime rejects requests of browsers: those for a name that leads here, as
// DNS rebinding makes it, and those that a page sends to the address itself.
func (e *environment) onlyRuntime(api http.Handler) http.Handler {
	address := e.runtimeAPI()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != address || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Mode") != "" {
			reject(w, http.StatusForbidden, "InvalidRequest", "the Runtime API is for the function's runtime only")
			return
		}
		api.ServeHTTP(w, r)
	})
}

// next holds the runtime until there is an event for it. A second request waits
// until the first has gone, as that of a runtime that connects again, and is then
// rejected.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	select {
	case e.asking <- struct{}{}:
		defer func() { <-e.asking }()
	case <-time.After(reconnectGrace):
		reject(w, http.StatusForbidden, "InvalidStateTransition", "the runtime is waiting for the next event already")
		return
	}
	if !e.enterNext() {
		reject(w, http.StatusForbidden, "InvalidStateTransition", "the runtime asked for the next event before it responded to the last one")
		return
	}
	select {
	case inv := <-e.deliveries:
		e.mu.Lock()
		inv.sent = true
		deadline := inv.deadline
		e.mu.Unlock()
		event, ok := inv.takeEvent()
		if !ok {
			return // it has failed, and the runtime with it
		}
		defer event.Close()
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Content-Length", strconv.FormatInt(event.Size(), 10))
		header.Set(headerRequestID, inv.id)
		header.Set(headerDeadline, strconv.FormatInt(deadline.UnixMilli(), 10))
		header.Set(headerFunctionARN, e.function.config.ARN)
		header.Set(headerTraceID, inv.traceID)
		writeEvent(w, event)
	case <-r.Context().Done():
	}
}

// enterNext ends the init phase or the last invocation, now that the runtime asks for the
// next event. It returns false if the runtime may not, yet.
func (e *environment) enterNext() bool {
	e.mu.Lock()
	switch {
	case e.phase == phaseDead, e.phase == phaseBusy && e.current.sent && e.current.progress != responseDone:
		e.mu.Unlock()
		return false
	case e.phase == phaseIdle, e.phase == phaseBusy && !e.current.sent: // it connects again
		e.mu.Unlock()
		return true
	case e.phase == phaseInit:
		e.initialized, e.free = true, time.Now()
		close(e.ready)
	default:
		e.current = nil
	}
	e.timer.Stop()
	inv := e.current
	if e.phase = phaseIdle; inv != nil {
		e.begin(inv)
	}
	e.mu.Unlock()
	if inv == nil {
		e.function.release(e)
	}
	return true
}

func (e *environment) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseInit || e.initFailure != nil {
		reject(w, http.StatusForbidden, "InvalidStateTransition", "the init phase is over")
		return
	}
	inv := e.current
	failure := newReportedError(r.Header.Get(headerErrorType), body)
	e.initFailure = failure
	e.timer.Stop()
	e.timer = time.AfterFunc(initErrorGrace, func() { e.kill(failure, inv) })
	accept(w)
}

func accept(w http.ResponseWriter) {
	respond(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func reject(w http.ResponseWriter, status int, errorType, message string) {
	respond(w, status, map[string]string{"errorType": errorType, "errorMessage": message})
}

func respond(w http.ResponseWriter, status int, document map[string]string) {
	body, _ := json.Marshal(document)
	respondJSON(w, status, body)
}

func respondJSON(w http.ResponseWriter, status int, body []byte) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}
