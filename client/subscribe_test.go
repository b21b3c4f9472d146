package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// A script is a base transport that has an answer for each request in turn, and
// notes the requests and the seconds between them.
type script struct {
	answers []func() (*http.Response, error)
	got     []string
	waits   []time.Duration
	last    time.Time
	closed  int
}

func (s *script) RoundTrip(request *http.Request) (*http.Response, error) {
	body := ""
	if request.Body != nil {
		content, _ := io.ReadAll(request.Body)
		body = string(content)
	}
	s.got = append(s.got, strings.Join([]string{request.Method, body, request.Header.Get("Last-Event-ID"), request.Header.Get("Accept")}, "|"))
	if !s.last.IsZero() {
		s.waits = append(s.waits, time.Since(s.last))
	}
	s.last = time.Now()
	answer := s.answers[min(len(s.got), len(s.answers))-1]
	response, err := answer()
	if err == nil {
		response.Request = request
		response.Body = &counted{response.Body, s}
	}
	return response, err
}

type counted struct {
	io.ReadCloser
	script *script
}

func (c *counted) Close() error { c.script.closed++; return c.ReadCloser.Close() }

func answer(status int, contentType string, body io.Reader) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Status: http.StatusText(status),
			Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(body),
		}, nil
	}
}

func stream(events string) func() (*http.Response, error) {
	return answer(200, "text/event-stream; charset=utf-8", strings.NewReader(events))
}

func failure(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

// subscribe returns the data of up to max events and the error after them.
func subscribe(request *http.Request, s *script, max int, options SubscribeOptions) (data []string, err error) {
	options.Client = &http.Client{Transport: s}
	for event, err := range Subscribe(request, &options) {
		if err != nil {
			return data, err
		}
		if data = append(data, event.Data); len(data) == max {
			break
		}
	}
	return data, nil
}

func TestSubscribe_goes_on_where_the_stream_broke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func() (*http.Response, error){
			stream("retry: 2000\nid: é😀\ndata: a\n\nid: never\ndata: lost"),
			failure(errors.New("connection refused")),
			answer(502, "text/html", strings.NewReader("<html>")),
			answer(200, "text/event-stream", io.MultiReader(strings.NewReader("id: 2\ndata: b\n\n"), iotest.ErrReader(errors.New("reset")))),
			answer(204, "", http.NoBody),
		}}
		request := newRequest(t, "POST", "http://example.com/", strings.NewReader("hello"))
		got, err := subscribe(request, s, 100, SubscribeOptions{LastEventID: "0"})
		if err != nil || !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("got %q (%v), want a and b", got, err)
		}
		want := []string{
			"POST|hello|0|text/event-stream", "POST|hello|é😀|text/event-stream", "POST|hello|é😀|text/event-stream",
			"POST|hello|é😀|text/event-stream", "POST|hello|2|text/event-stream",
		}
		if !slices.Equal(s.got, want) {
			t.Errorf("got requests %q, want %q", s.got, want)
		}
		for i, longest := range []time.Duration{2, 4, 8, 2} {
			longest *= time.Second
			if wait := s.waits[i]; wait < longest/2 || wait > longest {
				t.Errorf("wait %d is %v, want %v to %v", i, wait, longest/2, longest)
			}
		}
		if s.closed != 4 {
			t.Errorf("%d bodies were closed, want 4", s.closed)
		}
	})
}

func TestSubscribe_gives_up_after_attempts_without_an_event(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := errors.New("connection refused")
		s := &script{answers: []func() (*http.Response, error){stream("data: a\n\n"), stream(""), failure(refused)}}
		got, err := subscribe(newRequest(t, "GET", "http://example.com/", nil), s, 100, SubscribeOptions{MaxAttempts: 4, MaxDelay: 3 * time.Second})
		if !slices.Equal(got, []string{"a"}) || !errors.Is(err, refused) || !strings.Contains(err.Error(), "client: GET http://example.com/: gave up after 4 attempts: ") {
			t.Errorf("got %q and %v, want an error after 4 attempts", got, err)
		}
		if len(s.got) != 5 || s.waits[3] > 3*time.Second {
			t.Errorf("got %d requests with the waits %v, want 5 and 3 s at most", len(s.got), s.waits)
		}
	})
}

func TestSubscribe_doesnt_flood_a_server_that_asks_for_no_delay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		again := func() (*http.Response, error) { return stream("retry: 0\ndata: a\n\n")() }
		s := &script{answers: []func() (*http.Response, error){again}}
		if _, err := subscribe(newRequest(t, "GET", "http://example.com/", nil), s, 3, SubscribeOptions{}); err != nil {
			t.Error(err)
		}
		for _, wait := range s.waits {
			if wait < minDelay/2 {
				t.Errorf("waited %v between requests, want at least %v", wait, minDelay/2)
			}
		}
	})
}

func TestSubscribe_ends_at_an_error_that_would_come_again(t *testing.T) {
	fixed := newRequest(t, "POST", "http://example.com/", nil)
	fixed.Body = io.NopCloser(strings.NewReader("once"))
	for name, test := range map[string]struct {
		request *http.Request
		answer  func() (*http.Response, error)
		want    string
	}{
		"a status":       {nil, answer(413, "application/json", strings.NewReader(`{"error":{"code":"body_too_large"}}`)), `client: GET http://example.com/: got Request Entity Too Large as "application/json", want a stream of events: {"error":{"code":"body_too_large"}}`},
		"another type":   {nil, answer(200, "text/html", iotest.ErrReader(errors.New("read too much"))), `as "text/html", want a stream of events`},
		"a long event":   {nil, stream(strings.Repeat("x", 100)), "an event is over 50 bytes"},
		"a body to read": {fixed, nil, "can't be sent again: set GetBody"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{answers: []func() (*http.Response, error){test.answer}}
			if test.request == nil {
				test.request = newRequest(t, "GET", "http://example.com/", nil)
			}
			got, err := subscribe(test.request, s, 100, SubscribeOptions{MaxBytes: 50})
			if err == nil || !strings.Contains(err.Error(), test.want) || len(got) > 0 || len(s.got) > 1 {
				t.Errorf("got %q, %v and %d requests, want %s after one", got, err, len(s.got), test.want)
			}
		})
	}
}

func TestSubscribe_ends_at_an_id_that_no_header_can_carry(t *testing.T) {
	const hint = ": let the server send other ids"
	for id, want := range map[string]string{
		"a\x01b":                   "has the byte 0x01, which no header may have" + hint,
		"\x7f":                     "has the byte 0x7f, which no header may have" + hint,
		strings.Repeat("é", 100e3): "has 200000 bytes, and a header 8000 at most" + hint,
	} {
		s := &script{answers: []func() (*http.Response, error){stream("id: " + id + "\ndata: a\n\n")}}
		got, err := subscribe(newRequest(t, "GET", "http://example.com/", nil), s, 100, SubscribeOptions{})
		if !slices.Equal(got, []string{"a"}) || err == nil || err.Error() != "client: can't resume: the id of the last event "+want || len(s.got) != 1 {
			t.Errorf("%.10q: got %q, %v and %d requests, want the event, %q and no second request", id, got, err, len(s.got), want)
		}
		s = &script{answers: s.answers}
		if _, err := subscribe(newRequest(t, "GET", "http://example.com/", nil), s, 100, SubscribeOptions{LastEventID: id}); err == nil || len(s.got) != 0 {
			t.Errorf("%.10q as LastEventID: got %v and %d requests, want an error before the first", id, err, len(s.got))
		}
	}
	s := &script{answers: []func() (*http.Response, error){stream("id: a\tb" + strings.Repeat("é", 3998) + "\ndata: a\n\n"), answer(204, "", http.NoBody)}}
	synctest.Test(t, func(t *testing.T) {
		if _, err := subscribe(newRequest(t, "GET", "http://example.com/", nil), s, 100, SubscribeOptions{}); err != nil || len(s.got) != 2 {
			t.Errorf("got %v and %d requests for an id of 7999 bytes with a tab, want it sent", err, len(s.got))
		}
	})
}

func TestSubscribe_ends_when_the_context_is_canceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(reason) })
		s := &script{answers: []func() (*http.Response, error){failure(errors.New("refused"))}}
		request := newRequest(t, "GET", "http://example.com/", nil).WithContext(ctx)
		if _, err := subscribe(request, s, 100, SubscribeOptions{MaxAttempts: 1 << 30}); err != reason {
			t.Errorf("got %v, want %v", err, reason)
		}
	})
}
