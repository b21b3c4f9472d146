package streamhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// errReaderLeft is what a handler gets from Write, and finds as the cause of
// its context's end, when the response was closed before it was complete.
var errReaderLeft = fmt.Errorf("streamhttp: the response was closed before the handler was done: %w", io.ErrClosedPipe)

// errGoexit stands for a handler that ended its goroutine instead of returning.
var errGoexit = errors.New("streamhttp: the handler called runtime.Goexit")

// A PanicError ends the stream of a handler that panicked after its first
// byte. Its name becomes the error type that Lambda is told in the trailers.
type PanicError struct {
	// Value is what the handler panicked with.
	Value any
}

// Error says what the handler panicked with.
func (e *PanicError) Error() string {
	return fmt.Sprintf("the handler panicked after the first byte of its response: %v", e.Value)
}

// Wrap converts a handler to a function that answers the events of a function
// URL whose InvokeMode is RESPONSE_STREAM. A nil handler means
// [http.DefaultServeMux]. The result is safe for concurrent use.
//
// The function returns when the handler has written or flushed its first byte,
// or is done; the handler goes on in its own goroutine while Body is read, one
// Write at a time, and Body ends when it returns. Closing the response early
// ends the request's context and fails the handler's writes. A handler that
// ignores both keeps its goroutine until it returns, as under net/http.
//
// It fails with an [*InvalidEventError] for an event of another kind, with
// [http.ErrAbortHandler] if the handler panics with it before the first byte,
// and with the context's error if nothing was written before Lambda's deadline.
// Any other panic before the first byte is answered with a 500 and logged; after
// it, reading Body fails with a [*PanicError] (or [http.ErrAbortHandler]), which
// aws-lambda-go sends to Lambda as trailers.
func Wrap(handler http.Handler) func(context.Context, *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
	if handler == nil {
		handler = http.DefaultServeMux
	}
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
				return nil, timeUp(invocation)
			}
		}
		return w.response, w.failure
	}
}

// serve runs the handler and ends the response, however the handler ends.
func serve(handler http.Handler, w *responseWriter, request *http.Request) {
	returned := false
	defer func() {
		value := recover()
		switch {
		case returned && w.isSilent() && request.Context().Err() != nil:
			// Time was up and the handler left without a word: that is no 200.
			w.abort(timeUp(request.Context()))
		case returned:
			w.finish()
		case value == nil:
			w.log(slog.LevelError, "handler called runtime.Goexit: the response is cut")
			w.abort(errGoexit)
		case value == http.ErrAbortHandler:
			w.abort(http.ErrAbortHandler)
		case w.isDecided():
			w.logPanic("handler panicked after the first byte of its response: the stream is cut, yet the viewer of a function URL sees a complete, successful response", value)
			w.abort(&PanicError{value})
		default:
			w.logPanic("handler panicked before the first byte of its response: the viewer gets a 500", value)
			w.replace(http.StatusInternalServerError)
		}
	}()
	handler.ServeHTTP(w, request)
	returned = true
}

func timeUp(ctx context.Context) error {
	return fmt.Errorf("streamhttp: the handler wrote nothing in time: %w", context.Cause(ctx))
}

// body is the reading end of a response.
type body struct {
	*io.PipeReader
	cancel context.CancelCauseFunc
}

// Close tells the handler that nobody reads on.
func (b *body) Close() error {
	b.cancel(errReaderLeft)
	return b.CloseWithError(errReaderLeft)
}

// badRequest is net/http's answer to a request line that it cannot parse.
func badRequest() *events.LambdaFunctionURLStreamingResponse {
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: http.StatusBadRequest,
		Headers:    map[string]string{"Content-Type": "text/plain; charset=utf-8"},
		Body:       strings.NewReader("400 Bad Request: the path is malformed\n"),
	}
}
