// Agent is the workflow agent of functions/agent in an app of its own.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestAgent_streams_through_the_local_edge(t *testing.T) {
	command := localtest.Build(t)
	assembly := localtest.Synthesize(t, map[string]string{"aws:cdk:enable-path-metadata": "true"}) // as the CDK CLI and --watch
	// Without a DynamoDB the agent answers, too.
	none := []string{"--env", function + ".AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1"}
	t.Run("and continues a run after a reload", func(t *testing.T) { reload(t, command, assembly) })
	t.Run("each step when it happens", func(t *testing.T) {
		edge := localtest.Serve(t, command, assembly, none...)
		want := []string{"run_started", "node_started plan", "node_finished plan", "node_started draft", "node_started review", "node_started answer", "run_finished"}
		for _, path := range []string{"/agent", "/api/agent"} {
			check(t, localtest.StreamJSON(t, edge.URL+path, `{"question": "What is a heartbeat?"}`, 300*time.Millisecond), want)
		}
	})
	t.Run("without a DynamoDB, and says so", func(t *testing.T) {
		edge := localtest.Serve(t, command, assembly, none...)
		stream := localtest.StreamJSON(t, edge.URL+"/agent", `{"question": "What is a heartbeat?"}`, 300*time.Millisecond)
		if strings.Contains(stream, "\nid: ") || strings.HasPrefix(stream, "id: ") {
			t.Errorf("got %.300s, want events without ids", stream)
		}
		edge.WaitForLog(t, "the run isn't recorded: viewers can't resume it")
	})
	t.Run("and says why it rejects", func(t *testing.T) {
		edge := localtest.Serve(t, command, assembly, none...)
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

// reload reads a part of a run, leaves, and continues in the way of a page that is
// loaded again, and in that of a client that sends its request again.
func reload(t *testing.T, command, assembly string) {
	edge := localtest.Serve(t, command, assembly, "--env", function+".RUNS_TABLE=runs",
		"--env", function+".AWS_ENDPOINT_URL_DYNAMODB="+localtest.Database(t, "runs", "run:S", "seq:N"))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	request := func(ctx context.Context, method, path string) *http.Request {
		r, err := http.NewRequestWithContext(ctx, method, edge.URL+path, strings.NewReader(`{"question": "What is a heartbeat?"}`))
		if err != nil {
			t.Fatal(err)
		}
		if method != http.MethodPost {
			r.Body = http.NoBody
			r.ContentLength = 0
		}
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	var seen []client.Event
	for event, err := range client.Subscribe(request(ctx, http.MethodPost, "/agent"), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, event); len(seen) == 5 {
			break
		}
	}
	leave()
	run, _, _ := strings.Cut(seen[0].ID, ".")
	for _, r := range []*http.Request{request(t.Context(), http.MethodGet, "/agent/"+run), request(t.Context(), http.MethodPost, "/api/agent")} {
		all := slices.Clone(seen)
		for event, err := range client.Subscribe(r, &client.SubscribeOptions{LastEventID: seen[4].ID}) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, event)
		}
		for i, event := range all {
			if event.ID != fmt.Sprintf("%s.%d", run, i+1) {
				t.Fatalf("%s: event %d is %+v", r.Method, i+1, event)
			}
		}
		if last := all[len(all)-1]; last.Type != "run_finished" {
			t.Errorf("%s: the last event is %+v", r.Method, last)
		}
	}
	response, err := http.DefaultClient.Do(request(t.Context(), http.MethodDelete, "/agent/"+run))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Errorf("got %s for a stop, want 204", response.Status)
	}
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

const function = "Agent/Api/Handler/Function"

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
