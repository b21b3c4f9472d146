package lambda

import (
	"bufio"
	"io"
)

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
