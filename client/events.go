package client

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
)

// DefaultMaxBytes is how long an event may be by default.
const DefaultMaxBytes = 8 << 20

// StreamOptions are the options of [Events].
type StreamOptions struct {
	// MaxBytes is how long an event may be. A longer one ends the stream with an
	// error that wraps [bufio.ErrTooLong].
	//
	// Default: DefaultMaxBytes, 8 MB
	MaxBytes int
}

func (o *StreamOptions) maxBytes() int {
	if o == nil {
		return DefaultMaxBytes
	}
	return cmp.Or(o.MaxBytes, DefaultMaxBytes)
}

// An Event is a server-sent event.
type Event struct {
	// ID is the id of the event, or of the last one before it that had one.
	ID string

	// Type is the name of the event, "message" if it has none.
	Type string

	// Data is the data, with a line feed between its lines.
	Data string

	// Retry is how long the server wants clients to wait before they reconnect, if
	// it has said so yet.
	Retry time.Duration
}

// Events returns the events of a stream, each as soon as its last line arrives.
// An event that the stream ends within is dropped, as in browsers. After an error
// of r there are no more events. options may be nil.
//
// Check status and Content-Type of the response first: an error page has no
// events. Close its body afterwards, also if you leave the loop early.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
func Events(r io.Reader, options *StreamOptions) iter.Seq2[Event, error] {
	return newEventReader(r, options.maxBytes()).all()
}

// An eventReader has the state of a stream.
type eventReader struct {
	lines *bufio.Scanner
	limit int

	// data and kind are those of the event that is being read. id and retry stay
	// from one event to the next.
	data  bytes.Buffer
	kind  string
	id    string
	retry time.Duration

	// lastID is the id as of the last empty line.
	lastID string
}

func newEventReader(r io.Reader, limit int) *eventReader {
	limit = min(limit, math.MaxInt-1)
	// Removes a byte order mark, and replaces what isn't UTF-8, as browsers do.
	e := &eventReader{lines: bufio.NewScanner(unicode.UTF8BOM.NewDecoder().Reader(r)), limit: limit}
	// The scanner needs one byte more than its longest line.
	e.lines.Buffer(nil, limit+1)
	e.lines.Split(splitEventLines())
	return e
}

func (e *eventReader) all() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			event, err := e.next()
			if err == io.EOF || !yield(event, err) || err != nil {
				return
			}
		}
	}
}

// next returns the next event, and io.EOF after the last.
func (e *eventReader) next() (Event, error) {
	for e.lines.Scan() {
		if len(e.lines.Bytes()) == 0 {
			if event, ok := e.dispatch(); ok {
				return event, nil
			}
			continue
		}
		if e.data.Len()+len(e.lines.Bytes()) > e.limit {
			return Event{}, e.tooLong()
		}
		e.field(e.lines.Text())
	}
	switch err := e.lines.Err(); {
	case err == nil:
		return Event{}, io.EOF
	case errors.Is(err, bufio.ErrTooLong):
		return Event{}, e.tooLong()
	default:
		return Event{}, err
	}
}

func (e *eventReader) tooLong() error {
	return fmt.Errorf("client: an event is over %d bytes, the MaxBytes of StreamOptions: %w", e.limit, bufio.ErrTooLong)
}

// field takes in a line that isn't empty.
func (e *eventReader) field(line string) {
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "event":
		e.kind = value
	case "data":
		e.data.WriteString(value + "\n")
	case "id":
		if !strings.Contains(value, "\x00") {
			e.id = value
		}
	case "retry":
		// The milliseconds are digits only. More than fit are ignored.
		if ms, err := strconv.ParseUint(value, 10, 32); err == nil {
			e.retry = time.Duration(ms) * time.Millisecond
		}
	}
}

// dispatch ends an event. It returns false for one without data.
func (e *eventReader) dispatch() (Event, bool) {
	e.lastID = e.id
	event := Event{ID: e.id, Type: cmp.Or(e.kind, "message"), Retry: e.retry}
	e.kind = ""
	if e.data.Len() == 0 {
		return Event{}, false
	}
	event.Data = strings.TrimSuffix(e.data.String(), "\n")
	e.data.Reset()
	return event, true
}

// splitEventLines returns a split function for a stream whose lines end with CR,
// LF, or both. A CR ends its line at once, because the next byte may be long in
// coming. A last line without an end isn't one.
func splitEventLines() bufio.SplitFunc {
	afterCR := false
	return func(data []byte, atEOF bool) (advance int, line []byte, err error) {
		if afterCR && len(data) > 0 {
			afterCR = false
			if data[0] == '\n' {
				advance = 1
			}
		}
		end := bytes.IndexAny(data[advance:], "\r\n")
		if end < 0 {
			if atEOF {
				advance = len(data)
			}
			return advance, nil, nil
		}
		end += advance
		afterCR = data[end] == '\r'
		return end + 1, data[advance:end], nil
	}
}
