package streamhttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// A result is a response with its body read to the end.
type result struct {
	*events.LambdaFunctionURLStreamingResponse
	body string
	err  error // of reading the body
}

func invoke(t testing.TB, handler http.Handler, event *events.LambdaFunctionURLRequest) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	response, err := Wrap(handler)(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Close()
	body, err := io.ReadAll(response.Body)
	return result{response, string(body), err}
}

func get(t testing.TB, handler http.HandlerFunc) result {
	t.Helper()
	return invoke(t, handler, newEvent("GET", "/"))
}

// captureLog redirects the default logger to a buffer until the test ends.
func captureLog(t *testing.T) *syncBuffer {
	t.Helper()
	previous := slog.Default()
	t.Cleanup(func() { slog.SetDefault(previous) })
	log := new(syncBuffer)
	slog.SetDefault(slog.New(withID{slog.NewTextHandler(log, nil)}))
	return log
}

type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

func TestWrap_sends_a_500_and_logs_a_panic_before_the_first_byte(t *testing.T) {
	log := captureLog(t)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Secret", "half done")
		w.Header().Set("Content-Length", "3")
		w.WriteHeader(http.StatusOK)
		panic("boom")
	})
	ctx := lambdacontext.NewContext(context.Background(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
	response, err := Wrap(handler)(ctx, newEvent("GET", "/some/path"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != 500 || string(body) != "Internal Server Error\n" || err != nil {
		t.Errorf("the viewer gets %d %q (%v), want a clean 500", response.StatusCode, body, err)
	}
	if response.Headers["X-Secret"] != "" || response.Headers["Content-Length"] != "" || response.Headers["Cache-Control"] != "no-store" {
		t.Errorf("the 500 has %v, want none of the handler's headers, and no-store", response.Headers)
	}
	for _, want := range []string{"level=ERROR", "before the first byte", "boom", "wrap_test.go", "request-1", "/some/path"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

func TestWrap_sends_a_500_without_a_body_for_a_HEAD_that_panics(t *testing.T) {
	captureLog(t)
	got := invoke(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(nil) }), newEvent("HEAD", "/"))
	if got.StatusCode != 500 || got.body != "" || got.err != nil {
		t.Errorf("got %d %q (%v), want a 500 without a body", got.StatusCode, got.body, got.err)
	}
}

func TestWrap_cuts_the_stream_and_logs_a_panic_after_the_first_byte(t *testing.T) {
	for name, first := range map[string]func(http.ResponseWriter){
		"Write": func(w http.ResponseWriter) { io.WriteString(w, "first") },
		"Flush": func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			log := captureLog(t)
			cause := errors.New("boom")
			got := get(t, func(w http.ResponseWriter, r *http.Request) {
				first(w)
				panic(cause)
			})
			var panicked *PanicError
			if !errors.As(got.err, &panicked) || panicked.Value != cause || !strings.Contains(got.err.Error(), "boom") {
				t.Errorf("the body ends with %v, want a PanicError", got.err)
			}
			if got.StatusCode != 200 {
				t.Errorf("status is %d, want the 200 that was sent", got.StatusCode)
			}
			for _, want := range []string{"level=ERROR", "after the first byte", "boom", "wrap_test.go"} {
				if !strings.Contains(log.String(), want) {
					t.Errorf("the log lacks %q:\n%s", want, log)
				}
			}
		})
	}
}

func TestWrap_respects_ErrAbortHandler(t *testing.T) {
	log := captureLog(t)
	before := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := Wrap(before)(context.Background(), newEvent("GET", "/")); err != http.ErrAbortHandler {
		t.Errorf("aborted before the first byte: error is %v, want http.ErrAbortHandler", err)
	}
	got := get(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "first")
		panic(http.ErrAbortHandler)
	})
	if got.body != "first" || got.err != http.ErrAbortHandler {
		t.Errorf("aborted after the first byte: %q, %v, want http.ErrAbortHandler", got.body, got.err)
	}
	if log.String() != "" {
		t.Errorf("an abort was logged, though it is deliberate:\n%s", log)
	}
}

func TestWrap_fails_if_the_handler_ends_its_goroutine(t *testing.T) {
	log := captureLog(t)
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() })
	if _, err := Wrap(handler)(context.Background(), newEvent("GET", "/")); !errors.Is(err, errGoexit) {
		t.Errorf("error is %v, want %v", err, errGoexit)
	}
	if !strings.Contains(log.String(), "runtime.Goexit") {
		t.Errorf("the log is %q, want the reason", log)
	}
}

func TestWrap_tells_the_handler_that_the_response_was_closed(t *testing.T) {
	type outcome struct{ write, flush, cause error }
	ended := make(chan outcome, 1)
	response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "first")
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
			t.Error("the context isn't canceled")
		}
		_, err := io.WriteString(w, "second")
		ended <- outcome{err, http.NewResponseController(w).Flush(), context.Cause(r.Context())}
	}))(context.Background(), newEvent("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	io.ReadFull(response.Body, make([]byte, len("first")))
	response.Close()
	got := <-ended
	for name, err := range map[string]error{"Write": got.write, "Flush": got.flush, "the context's cause": got.cause} {
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s is %v, want io.ErrClosedPipe", name, err)
		}
	}
}

func TestWrap_cancels_the_context_when_the_handler_returns(t *testing.T) {
	contexts := make(chan context.Context, 1)
	get(t, func(w http.ResponseWriter, r *http.Request) { contexts <- r.Context() })
	select {
	case <-(<-contexts).Done():
	case <-time.After(5 * time.Second):
		t.Error("the context of a finished request isn't canceled")
	}
}

func TestWrap_sends_a_400_for_a_malformed_path(t *testing.T) {
	for _, path := range []string{"/%zz", "/a\x00", "http://evil.example/", "*"} {
		got := invoke(t, http.NotFoundHandler(), newEvent("GET", path))
		if got.StatusCode != 400 || !strings.Contains(got.body, "the path is malformed") {
			t.Errorf("%q: got %d %q, want a 400 that says why", path, got.StatusCode, got.body)
		}
	}
}

func TestWrap_serves_many_requests_at_once(t *testing.T) {
	wrapped := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) }))
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			response, err := wrapped(context.Background(), newEvent("GET", "/x"))
			if err != nil {
				t.Error(err)
				return
			}
			if body, err := io.ReadAll(response.Body); string(body) != "/x" || err != nil {
				t.Errorf("body is %q (%v), want /x", body, err)
			}
		})
	}
	group.Wait()
}
