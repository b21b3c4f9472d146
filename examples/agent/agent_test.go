// Agent is the workflow agent of functions/agent in an app of its own.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestAgent_streams_through_the_local_edge(t *testing.T) {
	command, assembly := localtest.Build(t), localtest.Synthesize(t)
	t.Run("each step when it happens", func(t *testing.T) {
		edge := localtest.Serve(t, command, assembly)
		want := []string{"run_started", "node_started plan", "node_finished plan", "node_started draft", "node_started review", "node_started answer", "run_finished"}
		for _, path := range []string{"/agent", "/api/agent"} {
			check(t, localtest.StreamJSON(t, edge.URL+path, `{"question": "What is a heartbeat?"}`, 300*time.Millisecond), want)
		}
	})
	t.Run("and says why it rejects", func(t *testing.T) {
		edge := localtest.Serve(t, command, assembly)
		response, err := http.Post(edge.URL+"/agent", "application/json", strings.NewReader(`{"question": ""}`))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != http.StatusBadRequest || !strings.HasPrefix(string(body), `{"error":{"message":"the question is empty`) {
			t.Errorf("got %s and %s", response.Status, body)
		}
	})
	t.Run("from a server with OpenAI's API, to the end if the viewer leaves", func(t *testing.T) {
		left := make(chan struct{})
		model := httptest.NewServer(approving(left))
		defer model.Close()
		edge := localtest.Serve(t, command, localtest.Copy(t, assembly, "Agent.template.json", func(template map[string]any) {
			setVariables(template, map[string]any{"AGENT_MODEL": "openai:test", "OPENAI_BASE_URL": model.URL + "/v1"})
		}))
		response, err := http.Post(edge.URL+"/agent", "application/json", strings.NewReader(`{"question": "heartbeat"}`))
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(response.Body); lines.Scan() && !strings.Contains(lines.Text(), `"token"`); {
		}
		response.Body.Close()
		close(left)
		// As in Lambda, nobody tells the handler.
		edge.WaitForLog(t, "the run finished")
	})
}

// approving is a model that begins each answer at once, and ends it when the
// viewer has left. It approves all drafts.
func approving(left <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, `data: {"choices":[{"delta":{"content":"APPROVED"}}]}`, "\n\n")
		http.NewResponseController(w).Flush()
		<-left
		fmt.Fprint(w, "data: [DONE]\n\n")
	})
}

// setVariables changes the environment of the agent's function.
func setVariables(template map[string]any, variables map[string]any) {
	for _, resource := range template["Resources"].(map[string]any) {
		r := resource.(map[string]any)
		if properties, ok := r["Properties"].(map[string]any); ok && r["Type"] == "AWS::Lambda::Function" {
			properties["Environment"] = map[string]any{"Variables": variables}
		}
	}
}

var data = regexp.MustCompile(`(?m)^data: \{"id":\d+,"type":"(\w+)","ms":\d+(?:,"node":"(\w+)")?`)

// check checks that a stream has some events, in their order.
func check(t *testing.T, stream string, want []string) {
	t.Helper()
	for _, event := range data.FindAllStringSubmatch(stream, -1) {
		if len(want) > 0 && strings.TrimSpace(event[1]+" "+event[2]) == want[0] {
			want = want[1:]
		}
	}
	if len(want) > 0 || !strings.Contains(stream, "A heartbeat of server-sent events is a comment") {
		t.Errorf("got %s, want %q in it, and the answer", stream, want)
	}
}
