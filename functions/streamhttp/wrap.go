package streamhttp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// errClosedEarly is the error of Write, and the cause of the context's end, when
// the response was closed before it was complete.
var errClosedEarly = fmt.Errorf("streamhttp: the response was closed before the handler returned: %w", io.ErrClosedPipe)

// errGoexit is the error of a handler that ended its goroutine.
var errGoexit = errors.New("streamhttp: the handler called runtime.Goexit")

// A PanicError ends the stream of a handler that panicked after its first byte.
// Its name is the error type in the trailers that Lambda gets.
type PanicError struct {
	// Value is the value that the handler panicked with.
	Value any
}

// Error returns a message with the value.
func (e *PanicError) Error() string {
	return fmt.Sprintf("the handler panicked after the first byte of its response: %v", e.Value)
}

// Wrap converts a handler to a Lambda handler for the events of a function URL
// with InvokeMode RESPONSE_STREAM. A nil handler means [http.DefaultServeMux].
// The result is safe for concurrent use.
//
// The Lambda handler returns at the first Write or Flush, or when the HTTP
// handler returns. The HTTP handler continues in its own goroutine while Body
// is read, one Write at a time, and Body ends when it returns. Closing the
// response early cancels the request's context and fails further writes. As in
// net/http, a handler that ignores both keeps its goroutine until it returns.
//
// The error is an [*InvalidEventError] for an event that isn't from a function
// URL, [http.ErrAbortHandler] if the handler panics with it before the first
// byte, and wraps the context's error if nothing was written before Lambda's
// deadline. Any other panic before the first byte is logged and becomes a 500.
// After the first byte a panic makes reading Body fail with a [*PanicError], or
// with [http.ErrAbortHandler], which aws-lambda-go sends to Lambda in trailers.
func Wrap(handler http.Handler) func(context.Context, *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
	handler = cmp.Or[http.Handler](handler, http.DefaultServeMux)
	return func(invocation context.Context, event *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
		ctx, cancel := context.WithCancelCause(context.WithValue(invocation, eventContextKey{}, event))
		request, err := newRequest(ctx, event)
		if err != nil {
			cancel(err)
			if malformed := (*url.Error)(nil); errors.As(err, &malformed) {
				return badRequest(), nil
			}
			return nil, err
		}
		reader, writer := io.Pipe()
		w := newResponseWriter(request, writer, &body{reader, cancel})
		stop := context.AfterFunc(invocation, func() { writer.CloseWithError(context.Cause(invocation)) })
		go func() {
			defer cancel(context.Canceled)
			defer stop()
			serve(handler, w, request)
		}()
		select {
		case <-w.decided:
		case <-invocation.Done():
			select {
			case <-w.decided:
			default:
				return nil, deadlineError(invocation)
			}
		}
		return w.response, w.failure
	}
}

// serve runs the handler and ends the response, however the handler returns.
func serve(handler http.Handler, w *responseWriter, request *http.Request) {
	returned := false
	defer func() {
		value := recover()
		switch {
		case returned && w.isSilent() && request.Context().Err() != nil:
			// The deadline has passed and nothing was written. An empty 200
			// would hide that.
			w.abort(deadlineError(request.Context()))
		case returned:
			w.finish()
		case value == nil:
			w.log(slog.LevelError, "the handler called runtime.Goexit: cutting the response")
			w.abort(errGoexit)
		case value == http.ErrAbortHandler:
			w.abort(http.ErrAbortHandler)
		case w.isDecided():
			w.logPanic("the handler panicked after the first byte of its response: cutting the stream, but the viewer of a function URL sees a complete, successful response", value)
			w.abort(&PanicError{value})
		default:
			w.logPanic("the handler panicked before the first byte of its response: sending a 500", value)
			w.replace(http.StatusInternalServerError)
		}
	}()
	handler.ServeHTTP(w, request)
	returned = true
}

func deadlineError(ctx context.Context) error {
	return fmt.Errorf("streamhttp: the handler wrote nothing before the deadline: %w", context.Cause(ctx))
}

// body is the reading end of a response.
type body struct {
	*io.PipeReader
	cancel context.CancelCauseFunc
}

// Close tells the handler that the response is no longer read.
func (b *body) Close() error {
	b.cancel(errClosedEarly)
	return b.CloseWithError(errClosedEarly)
}

// badRequest is net/http's response to a request line that it can't parse.
func badRequest() *events.LambdaFunctionURLStreamingResponse {
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: http.StatusBadRequest,
		Headers:    map[string]string{"Content-Type": "text/plain; charset=utf-8"},
		Body:       strings.NewReader("400 Bad Request: the path is malformed\n"),
	}
}

// logPanic must be called during recover, for the stack.
func (w *responseWriter) logPanic(message string, value any) {
	w.log(slog.LevelError, message, "panic", fmt.Sprint(value), "stack", string(debug.Stack()))
}

func (w *responseWriter) log(level slog.Level, message string, attributes ...any) {
	attributes = append(attributes, "method", w.request.Method, "path", w.request.URL.EscapedPath())
	slog.Log(w.request.Context(), level, message, attributes...)
}
