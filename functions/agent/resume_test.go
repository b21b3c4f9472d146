package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/embedded"
	"github.com/cloudfurl/cloudfurl/functions/runs"
)

func TestAgent_resumes_runs_that_are_recorded(t *testing.T) {
	notes, err := newLibrary(noteFiles)
	if err != nil {
		t.Fatal(err)
	}
	h := newHandler(agent{embedded.New(scripted, 0), notes}, runs.New(new(runs.Memory), nil))
	send := func(method, path, lastEventID string) *httptest.ResponseRecorder {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(method, path, strings.NewReader(`{"question": "heartbeat"}`))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Last-Event-ID", lastEventID)
		h.ServeHTTP(recorder, request)
		return recorder
	}
	first := send("POST", "/agent", "").Body.String()
	var all []client.Event
	for event, err := range client.Events(strings.NewReader(first), nil) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, event)
	}
	if len(all) < 10 || all[len(all)-1].Type != "run_finished" {
		t.Fatalf("got %s", first)
	}
	run, _, _ := strings.Cut(all[0].ID, ".")
	for _, path := range []string{"/agent/" + run, "/api/agent/" + run} {
		if again := send("GET", path, "").Body.String(); again != first {
			t.Errorf("%s: got %s, want the same again", path, again)
		}
	}
	fourth := all[3].ID
	if rest := send("POST", "/agent", fourth).Body.Bytes(); !bytes.HasSuffix([]byte(first), rest) || len(rest) == 0 {
		t.Errorf("got %s after %s", rest, fourth)
	}
	for _, c := range []struct{ method, path string }{{"DELETE", "/agent/" + run}, {"POST", "/agent"}} {
		if got := send(c.method, c.path, all[len(all)-1].ID); got.Code != 204 {
			t.Errorf("%s %s: got %d %s, want 204", c.method, c.path, got.Code, got.Body)
		}
	}
}

func TestAgent_ends_a_run_that_is_stopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notes, err := newLibrary(noteFiles)
		if err != nil {
			t.Fatal(err)
		}
		recorded := runs.New(new(runs.Memory), nil)
		h := newHandler(agent{waiting(make(chan struct{})), notes}, recorded)
		body := invoke(t, t.Context(), h)
		lines := bufio.NewReader(body)
		first, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		run, _, _ := strings.Cut(strings.TrimPrefix(first, "id: "), ".")
		stopped := httptest.NewRecorder()
		h.ServeHTTP(stopped, httptest.NewRequest("DELETE", "/agent/"+run, nil))
		rest, err := io.ReadAll(lines)
		if err != nil || stopped.Code != 204 || !bytes.Contains(rest, []byte(`"type":"run_canceled"`)) || !bytes.HasSuffix(rest, []byte(`"error":"the run was stopped"}`+"\n\n")) {
			t.Errorf("got %d, %s and %v", stopped.Code, rest, err)
		}
	})
}
