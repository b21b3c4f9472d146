package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// waiting is a model that sends a token, waits for the end of its context, and
// closes left.
func waiting(left chan<- struct{}) fake {
	return func(ctx context.Context, _ model.Request, token func(string) error) (model.Answer, error) {
		defer close(left)
		if err := token("first"); err != nil {
			return model.Answer{}, err
		}
		<-ctx.Done()
		return model.Answer{}, context.Cause(ctx)
	}
}

func TestAgent_stops_the_model_when_the_viewer_of_a_server_leaves(t *testing.T) {
	left := make(chan struct{})
	server := httptest.NewServer(newAgent(t, waiting(left)))
	defer server.Close()
	response, err := http.Post(server.URL+"/agent", "application/json", strings.NewReader(`{"question": "x"}`))
	if err != nil {
		t.Fatal(err)
	}
	leave(t, response.Body, left)
}

// leave reads up to the first token and closes the response, which must end the
// model's work.
func leave(t *testing.T, body io.ReadCloser, left <-chan struct{}) {
	t.Helper()
	lines := bufio.NewScanner(body)
	for lines.Scan() && !strings.Contains(lines.Text(), `"first"`) {
	}
	body.Close()
	select {
	case <-left:
	case <-time.After(10 * time.Second):
		t.Error("the model goes on")
	}
}

// invoke returns the body of a streamed response, as Lambda reads it.
func invoke(t *testing.T, ctx context.Context, h http.Handler) io.ReadCloser {
	t.Helper()
	event := &events.LambdaFunctionURLRequest{
		Version: "2.0", RawPath: "/agent", Body: `{"question": "heartbeat"}`, Headers: map[string]string{"content-type": "application/json"},
	}
	event.RequestContext.DomainName = "id.lambda-url.eu-west-1.on.aws"
	event.RequestContext.HTTP.Method = "POST"
	response, err := streamhttp.Wrap(h)(ctx, event)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("got %+v and %v", response, err)
	}
	return response.Body.(io.ReadCloser)
}

func TestAgent_stops_the_model_when_its_response_is_closed(t *testing.T) {
	left := make(chan struct{})
	leave(t, invoke(t, t.Context(), newAgent(t, waiting(left))), left)
}

func TestAgent_makes_the_model_wait_for_a_slow_viewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		body := invoke(t, t.Context(), newAgent(t, fake(func(_ context.Context, _ model.Request, token func(string) error) (model.Answer, error) {
			for {
				made++
				if err := token("x"); err != nil {
					return model.Answer{}, err
				}
			}
		})))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if made != 0 {
			t.Errorf("the model has made %d tokens for a viewer that read nothing", made)
		}
		reader := bufio.NewReaderSize(body, 16)
		for range 100 { // two events before the tokens, of three lines and an empty one
			for line := ""; line != "\n"; line, _ = reader.ReadString('\n') {
			}
		}
		synctest.Wait()
		if made < 98 || made > 100 {
			t.Errorf("the model has made %d tokens for a viewer that read 98", made)
		}
		body.Close()
		synctest.Wait()
	})
}

func TestAgent_says_that_the_functions_time_is_up(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		began := time.Now()
		events := readEvents(t, invoke(t, ctx, newAgent(t, waiting(make(chan struct{})))))
		const want = "node_canceled plan: the function's time is up: ask something shorter\nrun_canceled : the function's time is up: ask something shorter"
		if got := summary(events[len(events)-2:]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if took := time.Since(began); took != 18*time.Second {
			t.Errorf("the run ended after %v, want 2 s before the deadline", took)
		}
	})
}
