package openai

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxEvent bounds an event, and each of its lines, in bytes. Real ones have a few
// hundred.
const maxEvent = 1 << 20

var errTooLong = fmt.Errorf("an event is longer than %d bytes", maxEvent)

// An eventReader reads the data of server-sent events.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
type eventReader struct {
	lines   *bufio.Scanner
	first   bool // line
	afterCR bool
}

func newEventReader(r io.Reader) *eventReader {
	e := &eventReader{lines: bufio.NewScanner(r), first: true}
	e.lines.Buffer(nil, maxEvent)
	e.lines.Split(e.split)
	return e
}

// next returns the data of the next event that has some, or io.EOF. Other fields
// and comments are skipped. Some servers forget the empty line after the last
// event, so unlike a browser's, this reader takes it at the end of the stream.
func (e *eventReader) next() ([]byte, error) {
	var data []byte
	found := false
	for e.lines.Scan() {
		line := e.lines.Bytes()
		if e.first {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
			e.first = false
		}
		if len(line) == 0 && found {
			return data, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if string(name) != "data" {
			continue
		}
		if found {
			data = append(data, '\n')
		}
		data = append(data, bytes.TrimPrefix(value, []byte(" "))...)
		found = true
		if len(data) > maxEvent {
			return nil, errTooLong
		}
	}
	switch err := e.lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, errTooLong
	case err != nil:
		return nil, err
	case found:
		return data, nil
	}
	return nil, io.EOF
}

// split splits at \n, \r\n and \r. It doesn't wait for what follows an \r, or each
// event would be late by one.
func (e *eventReader) split(data []byte, atEOF bool) (advance int, token []byte, err error) {
	skip := 0
	if e.afterCR && len(data) > 0 && data[0] == '\n' {
		skip = 1
	}
	i := bytes.IndexAny(data[skip:], "\r\n")
	switch {
	case i >= 0:
		e.afterCR = data[skip+i] == '\r'
		return skip + i + 1, data[skip : skip+i], nil
	case atEOF && len(data) > skip:
		return len(data), data[skip:], nil
	}
	return 0, nil, nil
}
