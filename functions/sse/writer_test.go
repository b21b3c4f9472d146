package sse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record returns what a handler sends.
func record(t testing.TB, send func(*Writer)) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	w := NewWriter(recorder, httptest.NewRequest("GET", "/", nil), nil)
	defer w.Close()
	send(w)
	return recorder
}

func TestWriter_sends_the_fields_of_an_event(t *testing.T) {
	recorder := record(t, func(w *Writer) {
		w.Comment("hello")
		w.Send(Event{ID: "1", Name: "greeting", Data: "hello\nworld", Retry: 1500 * time.Millisecond})
		w.Send(Event{Data: " indented: yes"})
		w.SendJSON(Event{ID: "3"}, map[string]string{"html": "<b>\r\n</b>"})
		w.Send(Event{Name: "end"})
	})
	const want = ": hello\n\n" +
		"id: 1\nevent: greeting\nretry: 1500\ndata: hello\ndata: world\n\n" +
		"data:  indented: yes\n\n" +
		"id: 3\ndata: {\"html\":\"<b>\\r\\n</b>\"}\n\n" +
		"event: end\ndata: \n\n"
	if diff := cmp.Diff(want, recorder.Body.String()); diff != "" {
		t.Errorf("the stream (-want +got):\n%s", diff)
	}
	if got := recorder.Header().Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type is %q", got)
	}
	if got := recorder.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q, want no-store", got)
	}
	if !recorder.Flushed {
		t.Error("the stream isn't flushed")
	}
}

func TestWriter_is_understood_by_a_browser(t *testing.T) {
	stream := record(t, func(w *Writer) {
		w.Send(Event{ID: "1", Data: "a\rb\r\nc\n\nd\n"})
		w.Send(Event{Name: "empty"})
		w.Comment("not\nan\revent")
		w.Send(Event{Data: ": no comment"})
	}).Body.String()
	got := parse(stream)
	want := []received{{"1", "", "a\nb\nc\n\nd\n"}, {"1", "empty", ""}, {"1", "", ": no comment"}}
	if diff := cmp.Diff(want, got.events, cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("the events (-want +got):\n%s", diff)
	}
	if got.comments != 3 {
		t.Errorf("%d comments in %q, want 3 lines", got.comments, stream)
	}
}

func TestWriter_keeps_the_handlers_status_and_cache_control(t *testing.T) {
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Cache-Control", "no-cache")
	recorder.WriteHeader(http.StatusAccepted)
	NewWriter(recorder, httptest.NewRequest("GET", "/", nil), nil).Close()
	if recorder.Code != 202 || recorder.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("got %d %v, want the handler's 202 and no-cache", recorder.Code, recorder.Header())
	}
}

func TestWriter_rejects_what_would_break_the_stream(t *testing.T) {
	for name, c := range map[string]struct {
		send func(*Writer) error
		want string
	}{
		"line break in id":   {func(w *Writer) error { return w.Send(Event{ID: "1\ndata: injected"}) }, `sse: invalid id "1\ndata: injected"`},
		"return in id":       {func(w *Writer) error { return w.SendJSON(Event{ID: "1\r"}, 1) }, "sse: invalid id"},
		"NUL in id":          {func(w *Writer) error { return w.Send(Event{ID: "\x00"}) }, "sse: invalid id"},
		"line break in name": {func(w *Writer) error { return w.Send(Event{Name: "a\rb"}) }, "sse: invalid event name"},
		"negative retry":     {func(w *Writer) error { return w.Send(Event{Retry: -time.Second}) }, "sse: invalid retry -1s"},
		"fraction in retry":  {func(w *Writer) error { return w.Send(Event{Retry: time.Microsecond}) }, "sse: invalid retry 1µs"},
		"not JSON":           {func(w *Writer) error { return w.SendJSON(Event{}, make(chan int)) }, "sse: can't send a chan int"},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := record(t, func(w *Writer) {
				err := c.send(w)
				if err == nil || !strings.HasPrefix(err.Error(), c.want) {
					t.Errorf("error is %v, want %s…", err, c.want)
				}
				if again := w.Send(Event{Data: "next"}); again != err {
					t.Errorf("the next Send returns %v, want the first error", again)
				}
				if w.Context().Err() != context.Canceled || w.Close() != err {
					t.Errorf("context has %v and Close returns %v, want both to report the error", w.Context().Err(), w.Close())
				}
			})
			if recorder.Body.Len() > 0 {
				t.Errorf("%q was sent", recorder.Body)
			}
		})
	}
}

// A panicking value must not leave the stream locked, or Close would block.
func TestWriter_survives_a_value_that_panics(t *testing.T) {
	recorder := record(t, func(w *Writer) {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		w.SendJSON(Event{}, panicking{})
	})
	if recorder.Body.Len() > 0 {
		t.Errorf("%q was sent", recorder.Body)
	}
}

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("boom") }

func TestWriter_sends_only_the_header_for_HEAD(t *testing.T) {
	recorder := httptest.NewRecorder()
	w := NewWriter(recorder, httptest.NewRequest("HEAD", "/", nil), nil)
	defer w.Close()
	if err := w.Send(Event{}); err != http.ErrBodyNotAllowed || w.Context().Err() == nil {
		t.Errorf("Send returns %v and the context has %v, want the end of the stream", err, w.Context().Err())
	}
	if recorder.Header().Get("Content-Type") != "text/event-stream" || recorder.Body.Len() > 0 {
		t.Errorf("got %v and %q, want the header only", recorder.Header(), recorder.Body)
	}
}

func TestWriter_needs_a_writer_that_can_be_flushed(t *testing.T) {
	w := NewWriter(struct{ http.ResponseWriter }{httptest.NewRecorder()}, httptest.NewRequest("GET", "/", nil), nil)
	defer w.Close()
	if err := w.Send(Event{}); !errors.Is(err, http.ErrNotSupported) {
		t.Errorf("Send returns %v, want http.ErrNotSupported", err)
	}
}

func TestWriter_sends_nothing_after_Close(t *testing.T) {
	var w *Writer
	recorder := record(t, func(writer *Writer) { w = writer })
	if err := w.Close(); err != nil {
		t.Errorf("closing again returns %v", err)
	}
	if err := w.Send(Event{}); err == nil || recorder.Body.Len() > 0 {
		t.Errorf("Send after Close returns %v and sends %q", err, recorder.Body)
	}
}

func TestLastEventID_is_the_clients(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	if got := LastEventID(r); got != "" {
		t.Errorf("got %q on the first connection", got)
	}
	r.Header.Set("Last-Event-ID", "größe 7")
	if got := LastEventID(r); got != "größe 7" {
		t.Errorf("got %q, want it as it was sent", got)
	}
}

// The context ends with the connection in an ordinary server.
func TestWriter_notices_that_the_viewer_left_an_ordinary_server(t *testing.T) {
	ended := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		events := NewWriter(w, r, nil)
		defer events.Close()
		events.Send(Event{Data: "first"})
		<-events.Context().Done()
		ended <- events.Send(Event{Data: "second"})
	}))
	defer server.Close()
	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	io.ReadFull(response.Body, make([]byte, len("data: first\n\n")))
	response.Body.Close()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Send returns %v, want context.Canceled", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the context of the stream doesn't end")
	}
}
