package openai

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/functions/agent/model/modeltest"
)

func TestStream_says_why_a_server_rejects(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		body      string
		want      string
		temporary bool
	}{
		"key":         {401, `{"error":{"message":"Incorrect API key"}}`, `{"error":{"message":"Incorrect API key"}}`, false},
		"model":       {404, `{"error":{"message":"model not found, try pulling it first"}}`, "try pulling it first", false},
		"throttled":   {429, `{"error":"slow down"}`, "slow down", true},
		"a page":      {503, "<html>busy</html>\n", "(<html>busy</html>)", true},
		"no body":     {500, "", "()", true},
		"a long page": {400, strings.Repeat("x", 1<<20), "xxx", false},
	} {
		t.Run(name, func(t *testing.T) {
			failure := modeltest.Failure(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})))
			got := failure.Error()
			begins := fmt.Sprintf(`the model openai:llama3.2 answered with %d %s and "`, c.status, http.StatusText(c.status))
			if !strings.HasPrefix(got, begins) || !strings.Contains(got, ": check AGENT_MODEL, OPENAI_API_KEY") || !strings.Contains(got, c.want) || failure.Temporary != c.temporary {
				t.Errorf("got %.300q and temporary %v, want %q and %v", got, failure.Temporary, c.want, c.temporary)
			}
			if strings.Contains(failure.Public(), "Incorrect") || len(got) > 2*maxDetail {
				t.Errorf("got an error of %d bytes, and viewers are told %q", len(got), failure.Public())
			}
		})
	}
}

func TestStream_follows_no_redirect(t *testing.T) {
	requests := 0
	failure := modeltest.Failure(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, "https://elsewhere.example/v1", http.StatusMovedPermanently)
	})))
	if requests != 1 || !strings.Contains(failure.Error(), "answered with 301 Moved Permanently and") || !strings.Contains(failure.Error(), "(https://elsewhere.example/v1") {
		t.Errorf("got %q after %d requests", failure, requests)
	}
}

func TestStream_says_why_a_stream_is_no_answer(t *testing.T) {
	const chunk = `data: {"choices":[{"delta":{"content":"a"}}]}` + "\n\n"
	for name, c := range map[string]struct {
		body      string
		want      string
		temporary bool
	}{
		"an error object":  {chunk + `data: {"error":{"message":"out of memory"}}` + "\n\n", "failed in the middle of its answer (", true},
		"an error string":  {chunk + `data: {"error":"out of memory"}` + "\n\n", "failed in the middle of its answer (", true},
		"an early end":     {chunk, "broke off before the end of its answer", true},
		"half an event":    {chunk + `data: {"choi`, "sent an event that isn't a chat completion", false},
		"nothing":          {"", "broke off before the end of its answer", true},
		"not JSON":         {"data: hello\n\n", "sent an event that isn't a chat completion", false},
		"a huge line":      {"data: " + strings.Repeat("x", maxEvent+1) + "\n\n", "sent an event that isn't a chat completion", false},
		"a huge event":     {strings.Repeat("data: "+strings.Repeat("x", 1000)+"\n", maxEvent/1000+1) + "\n\n", "sent an event that isn't a chat completion", false},
		"an answer of 1MB": {strings.Repeat(`data: {"choices":[{"delta":{"content":"`+strings.Repeat("x", 1000)+`"}}]}`+"\n\n", 1100), "sent more than 1 MB of text", false},
	} {
		t.Run(name, func(t *testing.T) {
			failure := modeltest.Failure(t, serve(t, stream(c.body)))
			if got := failure.Error(); !strings.HasPrefix(got, "the model openai:llama3.2 "+c.want) || failure.Temporary != c.temporary {
				t.Errorf("got %q and temporary %v, want %q and %v", got, failure.Temporary, c.want, c.temporary)
			}
		})
	}
}

func TestStream_says_that_a_server_does_not_stream(t *testing.T) {
	failure := modeltest.Failure(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"error":{"message":"the model is loading"}}`)
	})))
	if got := failure.Error(); !strings.Contains(got, `answered with 200 OK and "application/json", not with a stream of events: check`) || !strings.Contains(got, "the model is loading") {
		t.Errorf("got %q", got)
	}
}

func TestStream_says_that_there_is_no_server(t *testing.T) {
	m, err := New("llama3.2", Options{BaseURL: "http://127.0.0.1:1/v1"})
	if err != nil {
		t.Fatal(err)
	}
	failure := modeltest.Failure(t, m)
	if !strings.Contains(failure.Error(), "can't be reached: check AGENT_MODEL, OPENAI_API_KEY and OPENAI_BASE_URL") || !failure.Temporary {
		t.Errorf("got %q", failure)
	}
	if strings.Contains(failure.Public(), "127.0.0.1") {
		t.Errorf("viewers are told the address: %q", failure.Public())
	}
}
