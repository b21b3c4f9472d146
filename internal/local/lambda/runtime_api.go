package lambda

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Headers, trailers and values of the Runtime API.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
const (
	headerRequestID    = "Lambda-Runtime-Aws-Request-Id"
	headerDeadline     = "Lambda-Runtime-Deadline-Ms"
	headerFunctionARN  = "Lambda-Runtime-Invoked-Function-Arn"
	headerTraceID      = "Lambda-Runtime-Trace-Id"
	headerResponseMode = "Lambda-Runtime-Function-Response-Mode"
	headerErrorType    = "Lambda-Runtime-Function-Error-Type"
	trailerErrorBody   = "Lambda-Runtime-Function-Error-Body"

	responseModeStreaming = "streaming"
)

const (
	// maxErrorBody bounds a reported error, in bytes: a buffered answer's limit.
	//
	// Seen: "maximum allowed payload size (6291556 bytes)"
	maxErrorBody = 6291556

	// maxRequestHeader leaves room for the X-Ray cause of an error, up to 1 MB.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
	maxRequestHeader = 2 << 20

	// initErrorGrace is how long a runtime that reported an init error may take
	// to exit by itself, with its last lines written.
	initErrorGrace = 500 * time.Millisecond

	// truncationGrace is how long a broken answer waits for the end of its
	// process, which tells why it broke.
	truncationGrace = time.Second
)

var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// newServer serves the Runtime API to one environment.
func (e *environment) newServer() *http.Server {
	api := http.NewServeMux()
	api.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.next)
	api.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", e.response)
	api.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", e.invocationError)
	api.HandleFunc("POST /2018-06-01/runtime/init/error", e.initError)
	api.HandleFunc("POST /2020-01-01/extension/register", e.registerExtension)
	api.HandleFunc("GET /2020-01-01/extension/event/next", e.extensionNext)
	return &http.Server{
		Handler:        api,
		MaxHeaderBytes: maxRequestHeader,
		ErrorLog:       slog.NewLogLogger(e.log.Handler(), slog.LevelDebug),
	}
}

// next keeps the runtime until there is an event for it.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	if !e.enterNext(r.UserAgent()) {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the runtime asked for the next event before it answered the last one")
		return
	}
	select {
	case inv := <-e.deliveries:
		e.mu.Lock()
		inv.sent = true
		deadline := inv.deadline
		e.mu.Unlock()
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Content-Length", strconv.Itoa(len(inv.event)))
		header.Set(headerRequestID, inv.id)
		header.Set(headerDeadline, strconv.FormatInt(deadline.UnixMilli(), 10))
		header.Set(headerFunctionARN, e.function.config.ARN)
		header.Set(headerTraceID, inv.traceID)
		w.Write(inv.event)
	case <-r.Context().Done():
	}
}

// enterNext ends the init phase or the last invocation.
func (e *environment) enterNext(userAgent string) bool {
	e.mu.Lock()
	free := false
	switch e.phase {
	case phaseInit:
		e.timer.Stop()
		e.initialised = true
		e.initDuration = time.Since(e.started)
		close(e.ready)
		e.function.checkVersion(userAgent)
		if e.current != nil {
			e.begin(e.current)
		} else {
			e.phase, free = phaseIdle, true
		}
	case phaseBusy:
		if e.current.sent {
			if e.current.answer != answerDone {
				e.mu.Unlock()
				return false
			}
			e.timer.Stop()
			e.reportInvocation(e.current)
			e.current = nil
			e.phase, free = phaseIdle, true
		}
	case phaseDead:
		e.mu.Unlock()
		return false
	}
	e.mu.Unlock()
	if free {
		e.function.release(e)
	}
	return true
}

// answering admits the answer, or the error, of the current invocation, once.
func (e *environment) answering(w http.ResponseWriter, id string) *invocation {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch inv := e.current; {
	case inv == nil || inv.id != id || !inv.sent:
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return nil
	case inv.answer != answerNone || e.phase != phaseBusy:
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the request has been answered already")
		return nil
	default:
		inv.answer = answerStarted
		return inv
	}
}

// answered marks the answer complete, before the caller of Invoke can know it.
func (e *environment) answered(inv *invocation) {
	e.mu.Lock()
	inv.answer = answerDone
	e.mu.Unlock()
	e.function.answered(e)
}

func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	inv := e.answering(w, r.PathValue("id"))
	if inv == nil {
		return
	}
	defer close(inv.streamed)
	if mode := r.Header.Get(headerResponseMode); mode != "" && mode != responseModeStreaming {
		e.failed(inv, newFunctionError(errorResponseMode, inv.id, "Lambda-Runtime-Function-Response-Mode is "+strconv.Quote(mode)+", not streaming"))
		refuse(w, http.StatusBadRequest, "InvalidFunctionResponseMode", "Invalid function response mode")
		return
	}
	err := e.stream(inv, r)
	var tooLarge *FunctionError
	switch {
	case errors.As(err, &tooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", tooLarge.Message)
	case err != nil:
		refuse(w, http.StatusBadRequest, "TruncatedHTTPRequest", "HTTP request detected as truncated")
	default:
		accept(w)
	}
}

// stream passes the body of a response on as it comes. A caller that reads
// slowly slows the runtime down; one that has left is not missed.
func (e *environment) stream(inv *invocation, r *http.Request) error {
	buffer := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buffer)
	var total int64
	var tooLarge *FunctionError
	listening := true
	for {
		n, err := r.Body.Read(buffer[:])
		if n > 0 && tooLarge == nil {
			chunk := buffer[:n]
			if total += int64(n); inv.maxResponse > 0 && total > inv.maxResponse {
				tooLarge = newTooLargeError(inv.id, inv.maxResponse)
				chunk = chunk[:int64(n)-(total-inv.maxResponse)]
			}
			if len(chunk) > 0 && listening {
				inv.begin(r.Header, e.id)
				_, gone := inv.writer.Write(chunk)
				listening = gone == nil
			}
			if tooLarge != nil {
				e.report(tooLarge, inv)
				inv.fail(tooLarge)
			}
		}
		switch {
		case err == nil:
			continue
		case err != io.EOF:
			e.truncated(inv)
			return err
		case tooLarge != nil:
			e.answered(inv)
			return tooLarge
		}
		if failure := trailerError(inv.id, r.Trailer); failure != nil {
			e.failed(inv, failure)
			return nil
		}
		e.answered(inv)
		inv.begin(r.Header, e.id)
		inv.writer.Close()
		return nil
	}
}

// truncated ends an answer whose connection broke. If the process broke with
// it, its end says more.
func (e *environment) truncated(inv *invocation) {
	select {
	case <-e.process.exited:
	case <-time.After(truncationGrace):
		e.kill(newFunctionError(errorTruncated, inv.id, "the runtime closed its connection in the middle of the response"), inv)
	}
}

// trailerError returns the error that ended a stream, if one did.
func trailerError(requestID string, trailer http.Header) *FunctionError {
	errorType, encoded := trailer.Get(headerErrorType), trailer.Get(trailerErrorBody)
	if errorType == "" && encoded == "" {
		return nil
	}
	body, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		body = []byte(encoded)
	}
	return newReportedError(requestID, errorType, body)
}

func (e *environment) invocationError(w http.ResponseWriter, r *http.Request) {
	inv := e.answering(w, r.PathValue("id"))
	if inv == nil {
		return
	}
	defer close(inv.streamed)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	if err != nil {
		e.truncated(inv)
		return
	}
	e.failed(inv, newReportedError(inv.id, r.Header.Get(headerErrorType), body))
	accept(w)
}

// failed ends inv with the handler's own error.
func (e *environment) failed(inv *invocation, failure *FunctionError) {
	e.report(failure, inv)
	e.answered(inv)
	inv.fail(failure)
}

func (e *environment) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseInit || e.initFailure != nil {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the init phase is over")
		return
	}
	inv := e.current
	failure := newReportedError(requestID(inv), r.Header.Get(headerErrorType), body)
	e.initFailure = failure
	e.timer.Stop()
	e.timer = time.AfterFunc(initErrorGrace, func() { e.kill(failure, inv) })
	accept(w)
}

// registerExtension takes an internal extension: a runtime that wants SIGTERM.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
func (e *environment) registerExtension(w http.ResponseWriter, r *http.Request) {
	var registration struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&registration); err != nil || len(registration.Events) > 0 {
		e.log.Warn("an extension was refused",
			"cause", fmt.Sprintf("%s wants the events %v", r.Header.Get("Lambda-Extension-Name"), registration.Events),
			"cure", "run without the extension: only internal ones without events are played here")
		refuse(w, http.StatusBadRequest, "Extension.InvalidEventType", "only extensions without events are played here")
		return
	}
	e.mu.Lock()
	e.extension = true
	e.mu.Unlock()
	config := &e.function.config
	w.Header().Set("Lambda-Extension-Identifier", newRequestID())
	respond(w, http.StatusOK, map[string]string{
		"functionName":    config.Name,
		"functionVersion": config.Version,
		"handler":         config.Handler,
	})
}

// extensionNext keeps an internal extension until the environment ends: there
// are no events for it.
func (e *environment) extensionNext(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
}

func accept(w http.ResponseWriter) {
	respond(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func refuse(w http.ResponseWriter, status int, errorType, message string) {
	respond(w, status, map[string]string{"errorType": errorType, "errorMessage": message})
}

func respond(w http.ResponseWriter, status int, document map[string]string) {
	body, _ := json.Marshal(document)
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}
