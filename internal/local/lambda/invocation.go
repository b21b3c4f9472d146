package lambda

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// InvokeOptions are what the caller of Invoke may choose.
type InvokeOptions struct {
	// RequestID is the id of the invocation. Default: a random UUID
	RequestID string

	// TraceID is the X-Ray tracing header. Default: one that is not sampled
	TraceID string

	// MaxResponse bounds the answer, in bytes. More ends it with a FunctionError
	// of type Function.ResponseSizeTooLarge. Lambda's limits are 6 MB (6,291,556
	// bytes) buffered and 200 MB streamed. Default: 0, no limit
	MaxResponse int64
}

// A Response is the answer of a handler, from its first byte on.
type Response struct {
	// ContentType is as the runtime sent it.
	ContentType string

	// Streaming reports whether the runtime declared a streamed answer. Go's
	// runtime client never does, so the absence says nothing.
	Streaming bool

	// Body gives the bytes as the runtime sends them. Read returns a
	// *FunctionError if the stream broke: the runtime said so in its trailers, or
	// the process died or took too long; and ErrClosed if the function was
	// closed. Close it always; closing it early lets the handler run on, as
	// Lambda does, with nobody listening. Close may be called during a Read.
	Body io.ReadCloser

	// RequestID is the id of the invocation.
	RequestID string

	// Environment names the environment that answers, as "function#number".
	Environment string

	// Cold reports whether that environment was started for this request.
	Cold bool
}

// An invocation is one event on its way to an environment and back.
type invocation struct {
	id, traceID string
	event       []byte
	maxResponse int64
	cold        bool // set before the environment knows of it
	attempt     int  // how many environments were started for it

	reader *io.PipeReader
	writer *io.PipeWriter

	// begun is closed when the answer's first byte, or the failure, is there.
	begun    chan struct{}
	mu       sync.Mutex
	started  bool
	response *Response
	err      error

	// Guarded by the environment's mutex.
	sent         bool // the event went out
	redispatched bool // an environment died before it went out
	answer       answerState
	deadline     time.Time
	start        time.Time
	streamed     chan struct{} // closed when the runtime's answer has been read
}

type answerState int

const (
	answerNone answerState = iota
	answerStarted
	answerDone
)

func newInvocation(event []byte, options InvokeOptions) *invocation {
	inv := &invocation{
		id:          options.RequestID,
		traceID:     options.TraceID,
		event:       event,
		maxResponse: options.MaxResponse,
		begun:       make(chan struct{}),
		streamed:    make(chan struct{}),
	}
	if inv.id == "" {
		inv.id = newRequestID()
	}
	if inv.traceID == "" {
		inv.traceID = newTraceID(time.Now())
	}
	inv.reader, inv.writer = io.Pipe()
	return inv
}

// begin makes the answer known to the caller, once.
func (inv *invocation) begin(header http.Header, environment string) {
	inv.mu.Lock()
	defer inv.mu.Unlock()
	if inv.started {
		return
	}
	inv.started = true
	inv.response = &Response{
		ContentType: header.Get("Content-Type"),
		Streaming:   header.Get(headerResponseMode) == responseModeStreaming,
		Body:        inv.reader,
		RequestID:   inv.id,
		Environment: environment,
		Cold:        inv.cold,
	}
	close(inv.begun)
}

// fail ends the invocation with err: Invoke's error before the first byte, the
// Body's after it. The first end is the one that counts.
func (inv *invocation) fail(err error) {
	inv.mu.Lock()
	defer inv.mu.Unlock()
	if !inv.started {
		inv.started = true
		inv.err = err
		close(inv.begun)
	} else if failure, ok := err.(*FunctionError); ok && inv.err == nil {
		streamed := *failure
		streamed.Streamed = true
		err = &streamed
	}
	inv.writer.CloseWithError(err)
}

// hasBegun reports whether the answer's first byte is out.
func (inv *invocation) hasBegun() bool {
	inv.mu.Lock()
	defer inv.mu.Unlock()
	return inv.response != nil
}

// abandon lets the handler run on with nobody listening.
func (inv *invocation) abandon() {
	inv.reader.Close()
}
