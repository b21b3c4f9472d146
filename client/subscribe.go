package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Subscribe sends a request and returns the events of the response. When the
// stream ends or breaks it sends the request again, with the id of the last event
// in Last-Event-ID, as browsers do. So it goes on until you leave the loop, the
// request's context is canceled, or the server responds with 204. For a stream
// with an end, leave the loop at the event that says so, or use [Events].
//
// Any method will do. A request with a body needs GetBody, which [http.NewRequest]
// sets for bytes and strings, and the server has to bear that it comes twice.
//
// An error ends the loop: too many failed attempts, a status that would be the
// same again (all but 200, 204, 429, 500, 502, 503 and 504), a response that isn't
// text/event-stream, or an id that doesn't fit into a header. options may be nil.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html#processing-model
func Subscribe(request *http.Request, options *SubscribeOptions) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if request.Body != nil {
			defer request.Body.Close()
		}
		if hasBody(request) && request.GetBody == nil {
			yield(Event{}, errors.New("client: the request's body can't be sent again: set GetBody of the request"))
			return
		}
		if err := newSubscription(request, options).run(yield); err != nil && err != errLeft {
			yield(Event{}, err)
		}
	}
}

// errLeft ends a subscription whose caller has left the loop.
var errLeft = errors.New("the caller left the loop")

// A permanentError ends a subscription.
type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

type subscription struct {
	request *http.Request
	options SubscribeOptions
	lastID  string
	retry   time.Duration
}

func newSubscription(request *http.Request, options *SubscribeOptions) *subscription {
	s := &subscription{request: request, options: options.withDefaults(), retry: defaultRetry}
	s.lastID = s.options.LastEventID
	return s
}

// run connects until there is nothing more to read. It returns nil if the server
// has ended the subscription.
func (s *subscription) run(yield func(Event, error) bool) error {
	ctx := s.request.Context()
	if err := checkID(s.lastID); err != nil {
		return err
	}
	for failed := 0; ; {
		received, err := s.attempt(yield)
		var permanent permanentError
		switch {
		case err == io.EOF:
			return nil
		case err == errLeft, errors.As(err, &permanent):
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		failed++
		if received {
			failed = 0
		}
		if failed == s.options.MaxAttempts {
			return fmt.Errorf("client: %s %s: gave up after %d attempts: %w", s.request.Method, s.request.URL.Redacted(), failed, err)
		}
		if err := checkID(s.lastID); err != nil {
			return err
		}
		if err := sleep(ctx, s.delay(failed)); err != nil {
			return err
		}
	}
}

// maxID is how many bytes an id may have. Apache httpd, for example, takes 8,190
// bytes of a header with its name.
//
// See: https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestfieldsize
const maxID = 8000

// checkID returns an error if an id can't be sent in Last-Event-ID.
func checkID(id string) error {
	control := strings.IndexFunc(id, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
	switch {
	case control >= 0:
		return fmt.Errorf("client: can't resume: the id of the last event has the byte 0x%02x, which no header may have: let the server send other ids", id[control])
	case len(id) > maxID:
		return fmt.Errorf("client: can't resume: the id of the last event has %d bytes, and a header %d at most: let the server send other ids", len(id), maxID)
	}
	return nil
}

// errEnded is a stream that ended as streams do.
var errEnded = errors.New("the stream ended without an event")

// attempt reads one response. It returns whether there was an event, and why it
// is over: never nil, and io.EOF if the server ends the subscription.
func (s *subscription) attempt(yield func(Event, error) bool) (received bool, err error) {
	request, err := s.next()
	if err != nil {
		return false, permanentError{err}
	}
	response, err := s.options.Client.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	if err := checkStream(response); err != nil {
		return false, err
	}
	events := newEventReader(response.Body, s.options.MaxBytes)
	events.id, events.lastID, events.retry = s.lastID, s.lastID, s.retry
	defer func() { s.lastID, s.retry = events.lastID, events.retry }()
	for event, err := range events.all() {
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			return received, permanentError{err}
		case err != nil:
			return received, err
		case !yield(event, nil):
			return true, errLeft
		}
		received = true
	}
	return received, errEnded
}

// next returns a copy of the request, with its body from the beginning.
func (s *subscription) next() (*http.Request, error) {
	request := s.request.Clone(s.request.Context())
	if request.Header == nil {
		request.Header = make(http.Header)
	}
	if request.Header.Get("Accept") == "" {
		request.Header.Set("Accept", "text/event-stream")
	}
	if s.lastID != "" {
		request.Header.Set("Last-Event-ID", s.lastID)
	}
	if !hasBody(request) {
		return request, nil
	}
	body, err := request.GetBody()
	if err != nil {
		return nil, fmt.Errorf("client: GetBody of the request: %w", err)
	}
	request.Body = body
	return request, nil
}

// passing are the statuses that may be another one the next time, of CloudFront
// and Lambda when they are busy or the function fails.
var passing = []int{
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
	http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// checkStream returns an error unless the response is a stream of events, and
// io.EOF if the server wants no further request.
func checkStream(response *http.Response) error {
	if response.StatusCode == http.StatusNoContent {
		return io.EOF
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.StatusCode == http.StatusOK && kind == "text/event-stream" {
		return nil
	}
	err := fmt.Errorf("client: %s %s: got %s as %q, want a stream of events%s",
		response.Request.Method, response.Request.URL.Redacted(), response.Status, kind, excerpt(response))
	if slices.Contains(passing, response.StatusCode) {
		return err
	}
	return permanentError{err}
}

// excerpt returns the beginning of an error response. Any other response may be a
// stream of another kind, whose end is far.
func excerpt(response *http.Response) string {
	if response.StatusCode < http.StatusBadRequest {
		return ""
	}
	beginning, _ := io.ReadAll(io.LimitReader(response.Body, 500))
	return ": " + string(beginning)
}

// delay returns the time until the next attempt. Up to half of it is left out by
// chance, so that the clients of a server that was away don't all return at once.
func (s *subscription) delay(failed int) time.Duration {
	longest := max(s.options.MaxDelay, s.retry)
	delay := max(s.retry, minDelay)
	for range failed {
		delay = min(2*delay, longest)
	}
	return delay/2 + rand.N(delay/2+1)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
