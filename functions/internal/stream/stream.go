// Package stream is what sse and ndjson share: a response of whole messages,
// each sent at once, with a heartbeat and a context that ends before the
// invocation does.
package stream

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

const (
	// defaultHeartbeat is well below the 30 s that CloudFront waits between
	// packets unless its origin says otherwise. HTML's authoring notes for
	// server-sent events recommend the same.
	//
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout
	// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes
	defaultHeartbeat = 15 * time.Second

	// defaultReserve is time enough for a last message on a slow connection.
	defaultReserve = 2 * time.Second

	// keptBuffer is how much of a buffer is kept for the next message, in bytes.
	keptBuffer = 64 << 10
)

// errClosed is the error of a message after Close.
var errClosed = errors.New("the stream is closed")

// Options are the options of New. Zero means the default.
type Options struct {
	Heartbeat time.Duration // negative: none
	Reserve   time.Duration // negative: none
}

// A Stream is a response of messages. It is safe for concurrent use.
type Stream struct {
	response   http.ResponseWriter
	controller *http.ResponseController

	viewer context.Context // the request's
	ctx    context.Context
	cancel context.CancelCauseFunc

	heartbeat []byte
	still     chan struct{} // closed when the heartbeat has ended

	mu     sync.Mutex
	buffer bytes.Buffer
	last   time.Time // of the last message
	err    error     // the first one
}

// New sends the status and header of a stream, and starts its heartbeat. The
// caller must call Close before the handler returns.
func New(w http.ResponseWriter, r *http.Request, contentType string, heartbeat []byte, options Options) *Stream {
	s := &Stream{
		response:   w,
		controller: http.NewResponseController(w),
		viewer:     r.Context(),
		heartbeat:  heartbeat,
		still:      make(chan struct{}),
		last:       time.Now(),
	}
	early, stop := reserve(r.Context(), cmp.Or(options.Reserve, defaultReserve))
	s.ctx, s.cancel = context.WithCancelCause(early)
	context.AfterFunc(s.ctx, stop)
	header := w.Header()
	header.Set("Content-Type", contentType)
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "no-store")
	}
	if err := s.controller.Flush(); err != nil {
		s.fail(err)
	} else if r.Method == http.MethodHead {
		s.fail(http.ErrBodyNotAllowed)
	}
	if every := cmp.Or(options.Heartbeat, defaultHeartbeat); every > 0 {
		go s.beat(every)
	} else {
		close(s.still)
	}
	return s
}

// reserve returns a context that ends d before the deadline of ctx, if it has
// one, but not before half of the time that is left.
func reserve(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok || d <= 0 {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, deadline.Add(-min(d, time.Until(deadline)/2)))
}

// Context returns a context that ends when the stream should: with
// context.DeadlineExceeded when only the reserved time is left, and with
// context.Canceled when nobody reads any more.
func (s *Stream) Context() context.Context { return s.ctx }

// Begin locks the stream and returns the empty buffer of the next message. The
// caller must call End.
func (s *Stream) Begin() *bytes.Buffer {
	s.mu.Lock()
	s.buffer.Reset()
	return &s.buffer
}

// Commit sends what was written to the buffer, or makes err the error of the
// stream. It returns the stream's first error.
func (s *Stream) Commit(err error) error {
	if s.err == nil && err != nil {
		s.fail(err)
	}
	s.write(s.buffer.Bytes())
	return s.err
}

// End unlocks the stream.
func (s *Stream) End() {
	if s.buffer.Cap() > keptBuffer {
		s.buffer = bytes.Buffer{}
	}
	s.mu.Unlock()
}

// Close ends the heartbeat and the context, and returns the stream's first
// error. Closing again does nothing.
func (s *Stream) Close() error {
	s.cancel(nil)
	<-s.still
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = errClosed
	}
	if s.err == errClosed {
		return nil
	}
	return s.err
}

// write sends a message and returns when the server has taken it.
func (s *Stream) write(message []byte) {
	if s.err == nil && s.viewer.Err() != nil {
		s.fail(context.Cause(s.viewer))
	}
	if s.err != nil {
		return
	}
	if _, err := s.response.Write(message); err != nil {
		s.fail(err)
		return
	}
	if err := s.controller.Flush(); err != nil {
		s.fail(err)
		return
	}
	s.last = time.Now()
}

func (s *Stream) fail(err error) {
	s.err = err
	s.cancel(err)
}

// beat sends a heartbeat whenever the stream has been quiet for a while.
func (s *Stream) beat(every time.Duration) {
	defer close(s.still)
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			timer.Reset(s.beatIfQuiet(every))
		case <-s.ctx.Done():
			return
		}
	}
}

// beatIfQuiet returns when to look again.
func (s *Stream) beatIfQuiet(every time.Duration) time.Duration {
	// If the stream is locked, a message is on its way. Waiting for the lock
	// would let Close wait for a handler that panics while it holds it.
	if !s.mu.TryLock() {
		return every
	}
	defer s.mu.Unlock()
	if left := every - time.Since(s.last); left > 0 {
		return left
	}
	s.write(s.heartbeat)
	return every
}
