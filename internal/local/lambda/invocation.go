package lambda

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// InvokeOptions are what the caller of Invoke may choose.
type InvokeOptions struct {
	// RequestID is the id of the invocation. Default: NewRequestID
	RequestID string

	// TraceID is the X-Ray tracing header. Default: one that is not sampled
	TraceID string

	// MaxResponse is the longest response, in bytes. A longer one ends with a
	// FunctionError of type Function.ResponseSizeTooLarge. Default: 0, no limit
	MaxResponse int64

	// Trace gets the stages of the invocation: the way to an environment, and the
	// handler. Default: none
	Trace *trace.Trace
}

// A Response is what a handler returns, from its first byte on.
type Response struct {
	// ContentType is as the runtime sent it.
	ContentType string

	// Body gives the bytes as the runtime sends them. Read returns a
	// *FunctionError if the stream broke (the runtime said so in its trailers, or
	// the process ended or took too long) and ErrClosed if the function was
	// closed. The caller must close it; as on Lambda, the handler runs on after
	// an early Close. Close may be called during a Read.
	Body io.ReadCloser

	// Environment names the environment that ran the handler, as "function#number".
	Environment string

	// Cold reports whether the request waited for that environment to start.
	Cold bool
}

// An invocation is one event and the response to it.
type invocation struct {
	context     context.Context // the caller's, for the log; it never ends
	id, traceID string
	event       Event
	taken       atomic.Bool // the event was sent, or nobody needs it any more
	maxResponse int64
	arrived     time.Time
	cold        bool // set before the environment has it
	trace       *trace.Trace
	stage       *trace.Stage // environment, and then handler

	reader *io.PipeReader
	writer *io.PipeWriter

	// begun is closed at the response's first byte, or at the failure before it.
	begun    chan struct{}
	mu       sync.Mutex
	response *Response
	err      error

	// Guarded by the environment's mutex.
	sent         bool // the event went out
	redispatched bool // an environment exited before it went out
	progress     responseState
	deadline     time.Time
	streamed     chan struct{} // closed when the runtime's response has been read
}

type responseState int

const (
	responseNone responseState = iota
	responseStarted
	responseDone
)

func newInvocation(ctx context.Context, event Event, options InvokeOptions) *invocation {
	inv := &invocation{
		context:     context.WithoutCancel(ctx),
		id:          cmp.Or(options.RequestID, NewRequestID()),
		traceID:     cmp.Or(options.TraceID, newTraceHeader(time.Now())),
		event:       event,
		maxResponse: options.MaxResponse,
		arrived:     time.Now(),
		trace:       cmp.Or(options.Trace, new(trace.Trace)),
		begun:       make(chan struct{}),
		streamed:    make(chan struct{}),
	}
	inv.reader, inv.writer = io.Pipe()
	return inv
}

// begin gives the caller of Invoke its response, once.
func (inv *invocation) begin(header http.Header, environment string) {
	inv.mu.Lock()
	defer inv.mu.Unlock()
	if inv.response != nil || inv.err != nil {
		return
	}
	inv.stage.Leave(trace.Passed)
	inv.response = &Response{
		ContentType: header.Get("Content-Type"),
		Body:        inv.reader,
		Environment: environment,
		Cold:        inv.cold,
	}
	close(inv.begun)
}

// fail ends the invocation with err: Invoke's error before the first byte, the
// Body's after it. Only the first end counts.
func (inv *invocation) fail(err error) {
	inv.mu.Lock()
	defer inv.mu.Unlock()
	if inv.response == nil && inv.err == nil {
		inv.err = err
		close(inv.begun)
	}
	inv.writer.CloseWithError(err)
	inv.dropEvent()
}

// takeEvent returns the event to its only reader, who must close it, or false.
func (inv *invocation) takeEvent() (Event, bool) {
	return inv.event, !inv.taken.Swap(true)
}

// dropEvent closes the event unless it was sent.
func (inv *invocation) dropEvent() {
	if event, ok := inv.takeEvent(); ok {
		event.Close()
	}
}

// An Event is what a function is invoked with, a JSON document. It is written only
// when a runtime takes it: many requests may wait for an environment.
type Event interface {
	io.WriterTo
	io.Closer

	// Size is the number of bytes that WriteTo writes.
	Size() int64
}

// largestWrite is how much of an event is sent at once, in bytes.
const largestWrite = 32 << 10

// writeEvent sends an event in few pieces. If it can't be written to its end, its
// reader sees that it is too short.
func writeEvent(w io.Writer, event Event) {
	buffered := bufio.NewWriterSize(w, int(min(event.Size(), largestWrite)))
	if _, err := event.WriteTo(buffered); err == nil {
		buffered.Flush()
	}
}
