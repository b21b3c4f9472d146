package sse

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An Event is one event of a stream. The client gets it even if Data is empty.
type Event struct {
	// ID becomes the client's last event id, which it sends when it connects
	// again. It can't contain a line break or a NUL.
	// Default: empty, the client keeps the id of the event before
	ID string

	// Name is the type of the event, for which a browser's addEventListener
	// listens. It can't contain a line break.
	// Default: empty, the type is "message"
	Name string

	// Data is the event's text, in UTF-8. Each line break, be it \n, \r or \r\n,
	// arrives as \n.
	Data string

	// Retry is how long the client waits before it connects again, from this
	// event on, in whole milliseconds.
	// Default: 0, it stays as it is
	Retry time.Duration
}

// LastEventID returns the id of the last event that the client got before it
// connected again, or "" if this is its first connection or no event had an id.
// It comes from the viewer: validate it.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
func LastEventID(r *http.Request) string { return r.Header.Get("Last-Event-ID") }

func (e *Event) writeFields(b *bytes.Buffer) error {
	switch {
	case strings.ContainsAny(e.ID, "\r\n\x00"):
		return fmt.Errorf("sse: invalid id %q: remove its line breaks and NULs", e.ID)
	case strings.ContainsAny(e.Name, "\r\n"):
		return fmt.Errorf("sse: invalid event name %q: remove its line breaks", e.Name)
	case e.Retry < 0 || e.Retry%time.Millisecond != 0:
		return fmt.Errorf("sse: invalid retry %v: use whole milliseconds, or 0", e.Retry)
	}
	if e.ID != "" {
		writeLine(b, "id: ", e.ID)
	}
	if e.Name != "" {
		writeLine(b, "event: ", e.Name)
	}
	if e.Retry > 0 {
		b.WriteString("retry: ")
		b.Write(strconv.AppendInt(b.AvailableBuffer(), e.Retry.Milliseconds(), 10))
		b.WriteByte('\n')
	}
	return nil
}

func writeLines(b *bytes.Buffer, prefix, text string) {
	for {
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			writeLine(b, prefix, text)
			return
		}
		writeLine(b, prefix, text[:i])
		if strings.HasPrefix(text[i:], "\r\n") {
			i++
		}
		text = text[i+1:]
	}
}

func writeLine(b *bytes.Buffer, prefix, text string) {
	b.WriteString(prefix)
	b.WriteString(text)
	b.WriteByte('\n')
}
