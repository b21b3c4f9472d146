package streamhttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// In Lambda the context of a request ends with the invocation.
func TestWrap_lets_a_stream_of_events_end_before_the_deadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			events := sse.NewWriter(w, r, nil)
			defer events.Close()
			<-events.Context().Done()
			if err := events.Send(sse.Event{Name: "bye"}); err != nil {
				t.Errorf("the last event: %v", err)
			}
		}))(ctx, newEvent("GET", "/"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if want := strings.Repeat(":\n\n", 3) + "event: bye\ndata: \n\n"; string(body) != want || err != nil {
			t.Errorf("got %q (%v), want three heartbeats and a last event", body, err)
		}
	})
}

func TestWrap_ends_a_stream_of_events_if_the_response_is_closed(t *testing.T) {
	ended := make(chan error, 1)
	response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		events := sse.NewWriter(w, r, nil)
		defer events.Close()
		for events.Send(sse.Event{Data: "x"}) == nil {
		}
		<-events.Context().Done()
		ended <- events.Send(sse.Event{Data: "y"})
	}))(context.Background(), newEvent("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	io.ReadFull(response.Body, make([]byte, 100))
	response.Close()
	if err := <-ended; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Send returns %v, want io.ErrClosedPipe", err)
	}
}

// withID adds the request's id as lambdacontext.NewLogHandler does, which logs to the
// standard output only.
type withID struct{ slog.Handler }

func (h withID) Handle(ctx context.Context, record slog.Record) error {
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		record.AddAttrs(slog.String("requestId", invocation.AwsRequestID))
	}
	return h.Handler.Handle(ctx, record)
}

// Middleware of requestlog is between the server and the writer of events, and
// both log the id.
func TestWrap_streams_through_the_request_log(t *testing.T) {
	captureLog(t) // restores the default logger
	var log bytes.Buffer
	slog.SetDefault(slog.New(withID{slog.NewTextHandler(&log, nil)}))
	ctx := lambdacontext.NewContext(context.Background(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
	response, err := Wrap(requestlog.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		events := sse.NewWriter(w, r, nil)
		defer events.Close()
		events.Send(sse.Event{Data: "x"})
		panic("boom")
	})))(ctx, newEvent("GET", "/a%2Fb"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if panicked := (*PanicError)(nil); string(body) != "data: x\n\n" || !errors.As(err, &panicked) {
		t.Errorf("got %q (%v), want the event and a PanicError", body, err)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "status=200 bytes=9") || !strings.Contains(lines[0], "end=panicked") || !strings.Contains(lines[1], "events_test.go") {
		t.Fatalf("got %q, want the request and the panic with its stack", lines)
	}
	for _, line := range lines {
		if strings.Count(line, "requestId=request-1") != 1 || !strings.Contains(line, "path=/a%2Fb") {
			t.Errorf("%q lacks the path, or the id once", line)
		}
	}
}
