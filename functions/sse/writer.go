package sse

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/internal/stream"
)

// heartbeat is a comment. The empty line lets clients see it that only look for
// the ends of events.
var heartbeat = []byte(":\n\n")

// Options are the options of NewWriter.
type Options struct {
	// Heartbeat is how long the stream may be silent before a comment is sent. It
	// has to be shorter than the response timeout of CloudFront's origin. A
	// negative value turns the heartbeat off.
	// Default: 15 s
	Heartbeat time.Duration

	// Reserve is the time between the end of the Writer's context and the deadline
	// of the request's context. It is at most half of the time that is left when
	// the stream begins. A negative value turns it off.
	// Default: 2 s
	Reserve time.Duration
}

// A Writer sends events. It is safe for concurrent use.
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
	return &Writer{stream: stream.New(w, r, "text/event-stream", heartbeat, stream.Options(*options))}
}

// Context returns a context that ends when the stream should. Its error is
// [context.DeadlineExceeded] if only Options.Reserve is left until the deadline:
// send a last event and return. It is [context.Canceled] if the viewer has left
// an ordinary server, if a Send failed, or after Close.
func (w *Writer) Context() context.Context { return w.stream.Context() }

// Send sends an event and returns when the server has taken it. After an error
// nothing more is sent, and Send returns the same error again.
func (w *Writer) Send(event Event) error {
	buffer := w.stream.Begin()
	defer w.stream.End()
	err := event.writeFields(buffer)
	if err == nil {
		writeLines(buffer, "data: ", event.Data)
		buffer.WriteByte('\n')
	}
	return w.stream.Commit(err)
}

// SendJSON sends an event with the JSON of v in place of event.Data.
func (w *Writer) SendJSON(event Event, v any) error {
	buffer := w.stream.Begin()
	defer w.stream.End()
	err := event.writeFields(buffer)
	if err == nil {
		buffer.WriteString("data: ")
		if w.encoder == nil {
			w.encoder = json.NewEncoder(buffer)
			w.encoder.SetEscapeHTML(false)
		}
		if err = w.encoder.Encode(v); err != nil {
			err = fmt.Errorf("sse: can't send a %T: %w", v, err)
		}
		buffer.WriteByte('\n')
	}
	return w.stream.Commit(err)
}

// Comment sends text that clients ignore.
func (w *Writer) Comment(text string) error {
	buffer := w.stream.Begin()
	defer w.stream.End()
	writeLines(buffer, ": ", text)
	buffer.WriteByte('\n')
	return w.stream.Commit(nil)
}

// Close ends the stream's context and heartbeat and returns its first error. It
// doesn't end the response; the end of the handler does.
func (w *Writer) Close() error { return w.stream.Close() }
