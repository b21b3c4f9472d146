package client

import (
	"bytes"
	"cmp"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

// A chunked reader returns as many bytes at a time as the next size says.
type chunked struct {
	rest  []byte
	sizes []byte
	n     int
}

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	size := 1
	if len(c.sizes) > 0 {
		size += int(c.sizes[c.n%len(c.sizes)])
		c.n++
	}
	n := copy(p, c.rest[:min(size, len(c.rest))])
	c.rest = c.rest[n:]
	return n, nil
}

// reference interprets a whole stream, by the standard's grammar instead of its
// steps for one line after the other.
func reference(stream []byte) (events []Event) {
	text, _ := unicode.UTF8.NewDecoder().String(string(bytes.TrimPrefix(stream, []byte("\ufeff"))))
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	end := strings.LastIndex("\n"+text, "\n\n")
	if end < 0 {
		return nil
	}
	id, retry := "", time.Duration(0)
	for _, block := range strings.Split(("\n" + text)[:end+1], "\n\n") {
		var data []string
		kind := ""
		for _, line := range strings.Split(block, "\n") {
			name, value, _ := strings.Cut(line, ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case name == "data":
				data = append(data, value)
			case name == "event":
				kind = value
			case name == "id" && strings.IndexByte(value, 0) < 0:
				id = value
			case name == "retry" && value != "" && strings.Trim(value, "0123456789") == "":
				if ms, err := strconv.Atoi(value); err == nil && ms < 1<<32 {
					retry = time.Duration(ms) * time.Millisecond
				}
			}
		}
		if data != nil {
			events = append(events, Event{ID: id, Type: cmp.Or(kind, "message"), Data: strings.Join(data, "\n"), Retry: retry})
		}
	}
	return events
}

func FuzzEvents_dont_depend_on_how_the_stream_is_split(f *testing.F) {
	for _, stream := range []string{
		"", "\ufeff", "\ufeffdata: a\r\n\r\n", "data: a\r\rdata: b\n\n", "id: 1\nevent: x\nretry: 5\ndata: é😀\n\n\n\ndata\n\n",
		"data: \xe2\x82\xac\xff\r\n\n", "id: \x00\ndata:  x\n\n", "\xef\xbb", "\n\r\n\r\r",
	} {
		f.Add([]byte(stream), []byte{0})
		f.Add([]byte(stream), []byte{1, 0, 2})
	}
	f.Fuzz(func(t *testing.T, stream, sizes []byte) {
		want := reference(stream)
		got, err := collect(&chunked{rest: stream, sizes: sizes}, nil)
		if diff := gocmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q in pieces of %v: %v (-want +got):\n%s", stream, sizes, err, diff)
		}
	})
}

// encode writes events as a server may: choices decides, byte by byte, about line
// ends, the space after the colon, comments and unknown fields.
func encode(events []Event, choices []byte) []byte {
	n := 0
	choose := func(options ...string) string {
		if len(choices) == 0 {
			return options[0]
		}
		n++
		return options[int(choices[(n-1)%len(choices)])%len(options)]
	}
	var b bytes.Buffer
	eol := func() { b.WriteString(choose("\n", "\r\n", "\r")) }
	field := func(name, value string) {
		// A value that begins with a space needs one more.
		space := choose(" ", "")
		if strings.HasPrefix(value, " ") {
			space = " "
		}
		b.WriteString(name + ":" + space + value)
		eol()
	}
	b.WriteString(choose("", "\ufeff"))
	for _, event := range events {
		if choose("", "x") != "" {
			field(choose("", "unknown"), "x")
		}
		field("id", event.ID)
		if event.Type != "message" {
			field("event", event.Type)
		}
		field("retry", strconv.FormatInt(event.Retry.Milliseconds(), 10))
		for _, line := range strings.Split(event.Data, "\n") {
			field("data", line)
		}
		blank := choose("\n", "\r\n", "\r")
		if blank == "\n" && bytes.HasSuffix(b.Bytes(), []byte("\r")) {
			blank = "\r" // together they would end one line
		}
		b.WriteString(blank)
	}
	return b.Bytes()
}

func FuzzEvents_are_those_that_were_encoded(f *testing.F) {
	f.Add("1", "add", "one\ntwo", uint16(3000), []byte{0, 1, 2}, []byte{0, 5})
	f.Add("", "message", " ", uint16(0), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, id, kind, data string, ms uint16, choices, sizes []byte) {
		clean := strings.NewReplacer("\r", "", "\x00", "")
		oneLine := strings.NewReplacer("\n", "", "\r", "", "\x00", "")
		first := Event{
			ID: strings.ToValidUTF8(oneLine.Replace(id), ""), Type: cmp.Or(strings.ToValidUTF8(oneLine.Replace(kind), ""), "message"),
			Data: strings.ToValidUTF8(clean.Replace(data), ""), Retry: time.Duration(ms) * time.Millisecond,
		}
		want := []Event{first, {Type: "message"}, first}
		got, err := collect(&chunked{rest: encode(want, choices), sizes: sizes}, nil)
		if diff := gocmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
