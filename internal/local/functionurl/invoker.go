package functionurl

import (
	"context"
	"io"
)

// An Invoker is the function behind the URL.
type Invoker interface {
	// Invoke sends the event to the function and returns its answer as soon as
	// its first byte is there. The context carries the ids that [RequestID] and
	// [TraceID] return; when it ends the viewer has left. An error is a function
	// that failed before that byte, or a [Throttled] error.
	Invoke(ctx context.Context, event []byte) (*Response, error)
}

// A Response is the answer of a function.
type Response struct {
	// ContentType is as the runtime sent it to the Runtime API.
	ContentType string

	// Body gives the bytes as the runtime sends them. An error of Read other
	// than io.EOF means that the function failed in the middle. The URL closes
	// it always, early if the viewer leaves.
	Body io.ReadCloser

	// RequestID is the id of the invocation. Default: the one in the context.
	RequestID string

	// Environment names the execution environment, and Cold says whether it was
	// started for this request. They are for the line that is logged.
	Environment string
	Cold        bool
}

// Throttled is an error of an Invoker that had no environment free and may not
// start another. It makes the URL answer 429.
type Throttled interface {
	error

	// ThrottleReason returns the Reason of Lambda's TooManyRequestsException,
	// such as ReservedFunctionConcurrentInvocationLimitExceeded.
	ThrottleReason() string
}

type idsKey struct{}

type ids struct{ request, trace string }

// RequestID returns the id that the URL gave the request, which is in the
// event's requestContext and is the invocation's id on AWS; empty outside of
// an invocation.
func RequestID(ctx context.Context) string {
	i, _ := ctx.Value(idsKey{}).(ids)
	return i.request
}

// TraceID returns the X-Amzn-Trace-Id of the request; empty outside of an
// invocation.
func TraceID(ctx context.Context) string {
	i, _ := ctx.Value(idsKey{}).(ids)
	return i.trace
}
