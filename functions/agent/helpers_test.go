package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A fake is a model that answers with a function.
type fake func(ctx context.Context, r model.Request, token func(string) error) (model.Answer, error)

func (fake) Name() string { return "fake" }

func (f fake) Stream(ctx context.Context, r model.Request, token func(string) error) (model.Answer, error) {
	return f(ctx, r, token)
}

// says returns a model that answers each system prompt with a text, in one token.
func says(answers map[string]string) fake {
	return func(_ context.Context, r model.Request, token func(string) error) (model.Answer, error) {
		text := answers[r.System]
		return model.Answer{Text: text, StopReason: model.EndTurn, Usage: model.Usage{InputTokens: 10, OutputTokens: 1}}, token(text)
	}
}

func newAgent(t *testing.T, m model.Model) http.Handler {
	t.Helper()
	notes, err := newLibrary(noteFiles)
	if err != nil {
		t.Fatal(err)
	}
	return newHandler(agent{m, notes}, nil)
}

// embeddedAgent is the agent as it is by default, without waits.
func embeddedAgent(t *testing.T) http.Handler {
	t.Helper()
	h, err := fromEnvironment(t.Context(), func(name string) string {
		return map[string]string{environmentTokenDelay: "0"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask returns the events of a run.
func ask(t *testing.T, h http.Handler, question string) []event {
	t.Helper()
	recorder := httptest.NewRecorder()
	body, _ := json.Marshal(map[string]string{"question": question})
	request := httptest.NewRequest("POST", "/agent", strings.NewReader(string(body)))
	request.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(recorder, request)
	if recorder.Code != 200 || recorder.Header().Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %d %s", recorder.Code, recorder.Body)
	}
	return readEvents(t, recorder.Body)
}

// readEvents checks that ids and types of events are those in their data.
func readEvents(t *testing.T, r io.Reader) (events []event) {
	t.Helper()
	fields := map[string]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == ":" || name == "" && len(fields) == 0: // the heartbeat
			continue
		case name != "":
			fields[name] = value
			continue
		}
		var e event
		if err := json.Unmarshal([]byte(fields["data"]), &e); err != nil {
			t.Fatalf("got the event %q: %v", fields, err)
		}
		events = append(events, e)
		if fields["id"] != strconv.Itoa(len(events)) || e.ID != len(events) || fields["event"] != string(e.Type) {
			t.Errorf("event %d is %q", len(events), fields)
		}
		clear(fields)
	}
	return events
}

// summary is the types and nodes of events, without tokens.
func summary(events []event) string {
	var lines []string
	for _, e := range events {
		if e.Type == "token" {
			continue
		}
		line := string(e.Type) + " " + e.Node
		if e.Error != "" {
			line += ": " + e.Error
		}
		lines = append(lines, strings.TrimSuffix(line, " "))
	}
	return strings.Join(lines, "\n")
}

func last(events []event) event { return events[len(events)-1] }
