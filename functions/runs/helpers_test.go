package runs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/functions/sse"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestMain(m *testing.M) {
	if os.Getenv("RUNS_TEST_SERVER") != "" {
		serve()
		return
	}
	goleak.VerifyTestMain(m)
}

var ada = Key{Owner: "Ada"}

// counts returns a producer of events 1 to n, with a pause before each.
func counts(n int, pause time.Duration) Producer {
	return func(ctx context.Context, emit func(sse.Event) error) error {
		for i := 1; i <= n; i++ {
			if err := sleep(ctx, pause); err != nil {
				return err
			}
			if err := emit(sse.Event{Name: "token", Data: strconv.Itoa(i) + " " + strings.Repeat("x", i%90)}); err != nil {
				return err
			}
		}
		return nil
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// serving returns a handler as doc.go has it.
func serving(r *Runs, produce Producer) http.Handler {
	mux := http.NewServeMux()
	key := func(request *http.Request) Key {
		return Key{Owner: request.Header.Get("X-User"), ID: request.PathValue("run"), Chat: request.PathValue("chat")}
	}
	mux.HandleFunc("POST /ask", func(w http.ResponseWriter, request *http.Request) {
		if sse.LastEventID(request) != "" {
			r.Resume(w, request, key(request))
			return
		}
		r.Start(w, request, key(request), produce)
	})
	mux.HandleFunc("GET /ask/{run}", func(w http.ResponseWriter, request *http.Request) { r.Resume(w, request, key(request)) })
	mux.HandleFunc("DELETE /ask/{run}", func(w http.ResponseWriter, request *http.Request) { r.Stop(w, request, key(request)) })
	mux.HandleFunc("POST /chat/{chat}", func(w http.ResponseWriter, request *http.Request) {
		r.Start(w, request, key(request), produce)
	})
	mux.HandleFunc("GET /chat/{chat}/stream", func(w http.ResponseWriter, request *http.Request) { r.Resume(w, request, key(request)) })
	return mux
}

// do sends a request of a user, with the id of the last event if there is one.
func do(t *testing.T, h http.Handler, user, method, path, lastEventID string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	request.Header.Set("X-User", user)
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	return recorder
}

// events returns the events of a response.
func events(t *testing.T, response *httptest.ResponseRecorder) (all []client.Event) {
	t.Helper()
	if response.Code != http.StatusOK || response.Header().Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %d %s %s, want events", response.Code, response.Header(), response.Body)
	}
	for event, err := range client.Events(bytes.NewReader(response.Body.Bytes()), nil) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, event)
	}
	return all
}

// runOf returns the run in an event's id.
func runOf(t *testing.T, event client.Event) string {
	t.Helper()
	run, _ := resumed(event.ID)
	if len(run) != 26 {
		t.Fatalf("got the id %q", event.ID)
	}
	return run
}

// check checks that events are those of counts from a number on, with their ids, to the
// last.
func check(t *testing.T, all []client.Event, from, to int) {
	t.Helper()
	if len(all) != to-from+1 {
		t.Errorf("got %d events, want %d", len(all), to-from+1)
	}
	for i, event := range all {
		n := strconv.Itoa(from + i)
		if number, _, _ := strings.Cut(event.Data, " "); number != n || !strings.HasSuffix(event.ID, "."+n) || event.ID[:27] != all[0].ID[:27] || event.Type != "token" {
			t.Fatalf("event %d is %+v, want number %s", i, event, n)
		}
	}
}

// log returns what is logged in a test.
func log(t *testing.T) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&b, nil)))
	t.Cleanup(func() { slog.SetDefault(previous) })
	return &b
}

// A flaky store fails where fail says so.
type flaky struct {
	Memory
	fail func(i item) bool
}

func (f *flaky) put(ctx context.Context, i item, alive int64) error {
	if f.fail(i) {
		return errors.New("out of order")
	}
	return f.Memory.put(ctx, i, alive)
}

// database returns a table in a DynamoDB of this machine.
func database(t *testing.T) *Table {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", localtest.Database(t, "runs", "run:S", "seq:N"))
	for name, value := range map[string]string{EnvironmentTable: "runs", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"} {
		t.Setenv(name, value)
	}
	return newTable(t)
}

func newTable(t *testing.T) *Table {
	t.Helper()
	table, err := NewTable()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(table.client.CloseIdleConnections)
	return table
}

var last = regexp.MustCompile(`\.(\d+)$`)

func summary(all []client.Event) string {
	var b strings.Builder
	for _, e := range all {
		fmt.Fprintf(&b, "%s %s %s\n", last.FindString(e.ID), e.Type, e.Data)
	}
	return b.String()
}
