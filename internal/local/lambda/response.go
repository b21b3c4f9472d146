package lambda

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// truncationGrace is how long a truncated response waits for its process to
// end, because the exit status says why.
const truncationGrace = 250 * time.Millisecond

var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// admit returns the current invocation for its response, or its error, once.
func (e *environment) admit(w http.ResponseWriter, id string) *invocation {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch inv := e.current; {
	case inv == nil || inv.id != id || !inv.sent:
		reject(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return nil
	case inv.progress != responseNone || e.phase != phaseBusy:
		reject(w, http.StatusForbidden, "InvalidStateTransition", "the runtime has already responded to the request")
		return nil
	default:
		inv.progress = responseStarted
		return inv
	}
}

// responded marks the response complete, before the caller of Invoke can see its end.
func (e *environment) responded(inv *invocation) {
	e.mu.Lock()
	inv.progress = responseDone
	e.mu.Unlock()
	e.function.responded(e)
}

func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	inv := e.admit(w, r.PathValue("id"))
	if inv == nil {
		return
	}
	defer close(inv.streamed)
	err := e.stream(inv, r)
	var tooLarge *FunctionError
	switch {
	case errors.As(err, &tooLarge):
		reject(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", tooLarge.Message)
	case err != nil:
		reject(w, http.StatusBadRequest, "TruncatedHTTPRequest", "HTTP request detected as truncated")
	default:
		accept(w)
	}
}

// stream passes the body of a response on as it arrives. A caller that reads
// slowly slows the runtime down; one that has left doesn't.
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
				tooLarge = &FunctionError{Type: errorTooLarge, Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", inv.maxResponse)}
				chunk = chunk[:int64(n)-(total-inv.maxResponse)]
			}
			if len(chunk) > 0 && listening {
				inv.begin(r.Header, e.id)
				_, gone := inv.writer.Write(chunk)
				listening = gone == nil
			}
			if tooLarge != nil {
				e.report(tooLarge, told(inv))
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
			e.responded(inv)
			return tooLarge
		}
		if failure := trailerError(r.Trailer); failure != nil {
			e.failed(inv, failure)
			return nil
		}
		e.process.settle()
		e.responded(inv)
		inv.begin(r.Header, e.id)
		inv.writer.Close()
		return nil
	}
}

// truncated ends a response whose connection broke. If the process has exited,
// its status says more.
func (e *environment) truncated(inv *invocation) {
	select {
	case <-e.process.exited:
	case <-time.After(truncationGrace):
		e.kill(&FunctionError{Type: errorTruncated, Message: "the runtime closed its connection in the middle of the response"}, inv)
	}
}

// trailerError returns the error that the trailers of a stream report, if any.
func trailerError(trailer http.Header) *FunctionError {
	errorType, encoded := trailer.Get(headerErrorType), trailer.Get(trailerErrorBody)
	if errorType == "" && encoded == "" {
		return nil
	}
	body, _ := base64.StdEncoding.DecodeString(encoded)
	return newReportedError(errorType, body)
}

func (e *environment) invocationError(w http.ResponseWriter, r *http.Request) {
	inv := e.admit(w, r.PathValue("id"))
	if inv == nil {
		return
	}
	defer close(inv.streamed)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	if err != nil {
		e.truncated(inv)
		return
	}
	e.failed(inv, newReportedError(r.Header.Get(headerErrorType), body))
	accept(w)
}

// failed ends inv with the handler's own error.
func (e *environment) failed(inv *invocation, failure *FunctionError) {
	e.report(failure, told(inv))
	e.responded(inv)
	inv.fail(failure)
}
