package ndjson

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/internal/stream"
)

// heartbeat is white space before the next value.
//
// See: https://www.rfc-editor.org/rfc/rfc8259#section-2
var heartbeat = []byte(" ")

// Options are the options of NewWriter.
type Options struct {
	// Heartbeat is how long the stream may be silent before a space is sent. It has
	// to be shorter than the response timeout of CloudFront's origin. A negative
	// value turns the heartbeat off.
	// Default: 15 s
	Heartbeat time.Duration

	// Reserve is the time between the end of the Writer's context and the deadline
	// of the request's context. It is at most half of the time that is left when
	// the stream begins. A negative value turns it off.
	// Default: 2 s
	Reserve time.Duration
}

// A Writer sends values, each as a line of JSON. It is safe for concurrent use.
type Writer struct {
	stream  *stream.Stream
	encoder *json.Encoder
}

// NewWriter sends the status, 200 unless w.WriteHeader was called, and the
// header, to which it adds Content-Type and, if there is none, Cache-Control:
// no-store. Call Close before the handler returns. Nil options are the defaults.
//
// If that fails, Send returns the error: [http.ErrNotSupported] if w can't be
// flushed, [http.ErrBodyNotAllowed] for a HEAD request.
func NewWriter(w http.ResponseWriter, r *http.Request, options *Options) *Writer {
	if options == nil {
		options = new(Options)
	}
	return &Writer{stream: stream.New(w, r, "application/x-ndjson", heartbeat, stream.Options(*options))}
}

// Context returns a context that ends when the stream should. Its error is
// [context.DeadlineExceeded] if only Options.Reserve is left until the deadline:
// send a last line and return. It is [context.Canceled] if the viewer has left an
// ordinary server, if a Send failed, or after Close.
func (w *Writer) Context() context.Context { return w.stream.Context() }

// Send sends v as a line of JSON and returns when the server has taken it. After
// an error nothing more is sent, and Send returns the same error again.
func (w *Writer) Send(v any) error {
	buffer := w.stream.Begin()
	defer w.stream.End()
	if w.encoder == nil {
		w.encoder = json.NewEncoder(buffer)
		w.encoder.SetEscapeHTML(false)
	}
	err := w.encoder.Encode(v)
	if err != nil {
		err = fmt.Errorf("ndjson: can't send a %T: %w", v, err)
	}
	return w.stream.Commit(err)
}

// Close ends the stream's context and heartbeat and returns its first error. It
// doesn't end the response; the end of the handler does.
func (w *Writer) Close() error { return w.stream.Close() }
