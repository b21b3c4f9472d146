package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An eventReader is a viewer of /events that keeps the id of its last event.
type eventReader struct {
	t     *testing.T
	url   string
	last  string
	count int
}

// connect reads events. After n bytes it calls cut, which returns false to leave.
// connect returns false if the server had no more events.
func (e *eventReader) connect(n int, cut func() bool) bool {
	e.t.Helper()
	request, _ := http.NewRequest(http.MethodGet, e.url, nil)
	if e.last != "" {
		request.Header.Set("Last-Event-ID", e.last)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNoContent {
		return false
	}
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" {
		e.t.Fatalf("got %d as %s, want an event stream", response.StatusCode, response.Header.Get("Content-Type"))
	}
	e.read(bufio.NewScanner(&cutReader{response.Body, n, cut}))
	return true
}

// read counts complete events, each of which has to be the one after the last.
func (e *eventReader) read(lines *bufio.Scanner) {
	e.t.Helper()
	var id, data string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case field == "id":
			id = value
		case field == "data":
			data = value
		case lines.Text() == "" && id != "":
			e.count++
			if want := fmt.Sprintf(`{"number":%d,"of":1000}`, e.count); id != strconv.Itoa(e.count) || data != want {
				e.t.Fatalf("got event %s with %s after %d events, want %s", id, data, e.count-1, want)
			}
			e.last, id, data = id, "", ""
		}
	}
}

// A cutReader calls cut after some bytes, and ends unless that returns true.
type cutReader struct {
	io.Reader
	left int
	cut  func() bool
}

func (c *cutReader) Read(p []byte) (int, error) {
	if c.left == 0 {
		if !c.cut() {
			return 0, io.EOF
		}
		c.left = whole
	}
	n, err := c.Reader.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// leave cuts a connection at the viewer's end.
func leave() bool { return false }

// whole is more bytes than 1,000 events have.
const whole = 1 << 20

func TestEvents_survive_cuts_without_losing_or_doubling_one(t *testing.T) {
	e := serve(t, built.assembly)
	viewer := &eventReader{t: t, url: e.URL + "/events?count=1000&interval=1"}
	// Most are in the middle of an event, and some before the first is complete.
	for _, bytes := range []int{3000, 1, 4567, 46, 8001, 20, 5555, 6003, 7777} {
		viewer.connect(bytes, leave)
	}
	if viewer.count == 0 || viewer.count >= 1000 {
		t.Fatalf("%d events before the last connection, want some", viewer.count)
	}
	if !viewer.connect(whole, leave) || viewer.count != 1000 {
		t.Errorf("%d events arrived, want 1000", viewer.count)
	}
	if viewer.connect(whole, leave) {
		t.Error("a viewer that has all events gets a stream, want 204")
	}
}

func TestEvents_survive_the_end_of_the_handlers_process(t *testing.T) {
	e := serve(t, built.assembly)
	// All take 3 s, so that most are still to come when the process is killed.
	viewer := &eventReader{t: t, url: e.URL + "/events?count=1000&interval=3"}
	killed := 0
	kill := func() bool {
		for _, pid := range handlers(t, e) {
			if process, err := os.FindProcess(pid); err == nil {
				process.Kill()
			}
			killed++
		}
		return true // what is on its way still arrives
	}
	for range 3 {
		before := viewer.count
		viewer.connect(4000, kill)
		if viewer.count == before || viewer.count == 1000 {
			t.Fatalf("%d events arrived before the process was killed", viewer.count-before)
		}
	}
	viewer.connect(whole, leave)
	if viewer.count != 1000 || killed != 3 {
		t.Errorf("%d events arrived and %d processes were killed, want 1000 in spite of 3", viewer.count, killed)
	}
}

// Lambda doesn't tell a function that the viewer left, so the local edge doesn't
// either: the first handler is still busy, and the next request needs another.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
func TestEvents_go_on_after_the_viewer_has_left(t *testing.T) {
	e := serve(t, built.assembly)
	viewer := &eventReader{t: t, url: e.URL + "/events?count=1000&interval=60000"}
	viewer.connect(30, leave)
	first := handlers(t, e)
	for range 2 {
		send(t, http.MethodGet, e.URL+"/inspect", nil)
	}
	// The two may have a process each on a busy machine: the second begins before the
	// first one's is back.
	if got := handlers(t, e); len(first) != 1 || !slices.Contains(got, first[0]) || len(got) < 2 {
		t.Errorf("process %v ran, and then %v, want it to go on and another for the requests after it", first, got)
	}
}
