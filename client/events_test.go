package client

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// collect reads a stream to its end.
func collect(r io.Reader, options *StreamOptions) (events []Event, err error) {
	for event, err := range Events(r, options) {
		if err != nil {
			return events, err
		}
		events = append(events, event)
	}
	return events, nil
}

func message(data string) Event { return Event{Type: "message", Data: data} }

// The first five are the examples of the standard.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
func TestEvents_reads_a_stream_as_browsers_do(t *testing.T) {
	for name, test := range map[string]struct {
		stream string
		want   []Event
	}{
		"data on several lines":       {"data: YHOO\ndata: +2\ndata: 10\n\n", []Event{message("YHOO\n+2\n10")}},
		"comments and ids":            {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n", []Event{{ID: "1", Type: "message", Data: "first event"}, message("second event")}},
		"empty data":                  {"data\n\ndata\ndata\n\ndata:", []Event{message(""), message("\n")}},
		"one space after the colon":   {"data:test\n\ndata: test\n\n", []Event{message("test"), message("test")}},
		"named events":                {"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: 113411\n\n", []Event{{Type: "add", Data: "73857293"}, {Type: "remove", Data: "2153"}, message("113411")}},
		"CRLF, CR and LF":             {"data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\r\n\ndata: e\n\r\n", []Event{message("a"), message("b"), message("c"), message("d"), message("e")}},
		"a byte order mark":           {"\ufeffdata: a\n\n", []Event{message("a")}},
		"a second byte order mark":    {"\ufeff\ufeffdata: a\n\ndata: b\n\n", []Event{message("b")}},
		"a mark after the first line": {"\n\ufeffdata: a\n\n", nil},
		"half a byte order mark":      {"\xef\xbbdata: a\n\ndata: b\n\n", []Event{message("b")}},
		"an id that stays":            {"id: 1\ndata: a\n\ndata: b\n\nid:\ndata: c\n\n", []Event{{ID: "1", Type: "message", Data: "a"}, {ID: "1", Type: "message", Data: "b"}, message("c")}},
		"an id without data":          {"id: 1\n\ndata: a\n\n", []Event{{ID: "1", Type: "message", Data: "a"}}},
		"an id with NUL":              {"id: 1\nid: 2\x003\ndata: a\n\n", []Event{{ID: "1", Type: "message", Data: "a"}}},
		"a name without data":         {"event: add\n\ndata: a\n\n", []Event{message("a")}},
		"an empty name":               {"event: add\nevent:\ndata: a\n\n", []Event{message("a")}},
		"retry":                       {"retry: 2500\ndata: a\n\nretry: 0\ndata: b\n\n", []Event{{Type: "message", Data: "a", Retry: 2500 * time.Millisecond}, message("b")}},
		"retry that isn't digits":     {"retry: 1\nretry: 2s\nretry:  3\nretry: +4\nretry: -5\nretry: 6.0\nretry:\nretry: ٧\nretry: 99999999999999999999\ndata: a\n\n", []Event{{Type: "message", Data: "a", Retry: time.Millisecond}}},
		"unknown and misspelt fields": {"Data: a\n data: b\ndata : c\ndatas: d\nfoo\n:data: e\ndata:: f\n\n", []Event{message(": f")}},
		"a tab and other spaces":      {"data:\ta\ndata:\u00a0b \n\n", []Event{message("\ta\n\u00a0b ")}},
		"bytes that aren't UTF-8":     {"data: \xff\xe2\x82x\xf0\x9f\x98\xed\xa0\x80\n\n", []Event{message("\ufffd\ufffdx\ufffd\ufffd\ufffd\ufffd")}},
		"NUL in data":                 {"data: a\x00b\n\n", []Event{message("a\x00b")}},
		"other line separators":       {"data: a\u2028b\u0085c\vd\fe\n\n", []Event{message("a\u2028b\u0085c\vd\fe")}},
		"an event that breaks off":    {"data: a\n\ndata: b\n", []Event{message("a")}},
		"an empty line that isn't":    {"data: a\n ", nil},
		"nothing":                     {"", nil},
		"only a byte order mark":      {"\ufeff", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, r := range map[string]io.Reader{
				"whole":        strings.NewReader(test.stream),
				"byte by byte": iotest.OneByteReader(strings.NewReader(test.stream)),
				"with the EOF": iotest.DataErrReader(strings.NewReader(test.stream)),
			} {
				got, err := collect(r, nil)
				if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
					t.Errorf("%s: %v (-want +got):\n%s", kind, err, diff)
				}
			}
		})
	}
}

// A stream may pause after any byte, so an event must not wait for the next one.
func TestEvents_yields_an_event_at_its_last_byte(t *testing.T) {
	for _, stream := range []string{"data: a\n\n", "data: a\r\r", "data: a\r\n\r", "data: a\n\r", "\ufeffdata: a\n\n"} {
		server, client := net.Pipe()
		written := make(chan error, 1)
		go func() {
			_, err := server.Write([]byte(stream))
			written <- err
		}()
		for event, err := range Events(client, nil) {
			if event != message("a") || err != nil {
				t.Errorf("%q: got %v (%v), want the event", stream, event, err)
			}
			break
		}
		if err := <-written; err != nil {
			t.Error(err)
		}
		server.Close()
		client.Close()
	}
}

func TestEvents_bounds_events(t *testing.T) {
	const limit = 100
	for name, test := range map[string]struct {
		stream string
		fits   bool
	}{
		"a line of the limit":     {"data: " + strings.Repeat("x", limit-6) + "\n\n", true},
		"a longer line":           {"data: " + strings.Repeat("x", limit-5) + "\n\n", false},
		"a line that never ends":  {strings.Repeat("x", 100*limit), false},
		"a long comment":          {":" + strings.Repeat("x", 2*limit) + "\n", false},
		"data that never ends":    {strings.Repeat("data: xxxx\n", limit), false},
		"many lines in one event": {strings.Repeat(":x\n", limit) + "data: x\n\n", true},
		"many events":             {strings.Repeat("data: xxxx\n\n", limit), true},
	} {
		got, err := collect(strings.NewReader(test.stream), &StreamOptions{MaxBytes: limit})
		if test.fits != (err == nil) || test.fits != (len(got) > 0) {
			t.Errorf("%s: got %d events and %v", name, len(got), err)
		}
		if err != nil && (!errors.Is(err, bufio.ErrTooLong) || !strings.Contains(err.Error(), "over 100 bytes, the MaxBytes of StreamOptions")) {
			t.Errorf("%s: got %v, want ErrTooLong and what to raise", name, err)
		}
	}
}

func TestEvents_accepts_a_limit_that_is_none(t *testing.T) {
	got, err := collect(strings.NewReader("data: a\n\n"), &StreamOptions{MaxBytes: math.MaxInt})
	if diff := cmp.Diff([]Event{message("a")}, got); diff != "" || err != nil {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
}

func TestEvents_yields_the_events_before_an_error_and_then_the_error(t *testing.T) {
	broken := errors.New("connection reset")
	for _, tail := range []string{"", "data: never", "data: never\n"} {
		stream := io.MultiReader(strings.NewReader("data: a\n\n"+tail), iotest.ErrReader(broken))
		got, err := collect(stream, nil)
		if diff := cmp.Diff([]Event{message("a")}, got); diff != "" || !errors.Is(err, broken) {
			t.Errorf("%q: got %v (-want +got):\n%s", tail, err, diff)
		}
	}
}

func ExampleEvents() {
	stream := strings.NewReader("event: token\ndata: Hello\n\nevent: end\ndata: done\n\n")
	for event, err := range Events(stream, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.Type, event.Data)
	}
	// Output:
	// token Hello
	// end done
}
