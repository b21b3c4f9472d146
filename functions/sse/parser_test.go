package sse

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A received event is one that a browser would dispatch.
type received struct {
	id, name, data string
}

// A client is what a browser keeps of a stream. It is written from the standard,
// not from this package.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
type client struct {
	lastEventID string
	retry       int // in milliseconds, -1 before the first
	comments    int
	events      []received
}

func parse(stream string) *client {
	c := &client{retry: -1}
	stream = strings.TrimPrefix(strings.ToValidUTF8(stream, string(utf8.RuneError)), "\uFEFF")
	var id, name, data string
	for _, line := range linesOf(stream) {
		field, value, colon := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			c.lastEventID = id
			if data != "" {
				c.events = append(c.events, received{id, name, strings.TrimSuffix(data, "\n")})
			}
			name, data = "", ""
		case colon && field == "":
			c.comments++
		case field == "event":
			name = value
		case field == "data":
			data += value + "\n"
		case field == "id" && !strings.Contains(value, "\x00"):
			id = value
		case field == "retry" && value != "" && strings.Trim(value, "0123456789") == "":
			c.retry, _ = strconv.Atoi(value)
		}
	}
	return c
}

// linesOf returns the complete lines of a stream.
func linesOf(stream string) []string {
	var lines []string
	for {
		i := strings.IndexAny(stream, "\r\n")
		if i < 0 {
			return lines
		}
		lines = append(lines, stream[:i])
		if stream[i] == '\r' && strings.HasPrefix(stream[i+1:], "\n") {
			i++
		}
		stream = stream[i+1:]
	}
}
