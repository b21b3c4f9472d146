package openai

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/modeltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve returns a model of a server.
func serve(t *testing.T, handler http.Handler) model.Model {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	m, err := New("llama3.2", Options{BaseURL: server.URL + "/v1", Key: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// stream returns a server that sends a body as an event stream.
func stream(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		io.WriteString(w, body)
	})
}

// ollama has the shape of what Ollama 0.x sends.
const ollama = `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"lo"},"finish_reason":null}]}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}]}

data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":26,"completion_tokens":3,"total_tokens":29}}

data: [DONE]

`

func TestStream_streams_tokens_and_usage(t *testing.T) {
	answer, tokens, err := modeltest.Collect(t, serve(t, stream(ollama)), model.Request{Prompt: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (model.Answer{Text: "Hello", StopReason: model.EndTurn, Usage: model.Usage{InputTokens: 26, OutputTokens: 3}}); answer != want {
		t.Errorf("got %+v, want %+v", answer, want)
	}
	if !slices.Equal(tokens, []string{"Hel", "lo"}) {
		t.Errorf("got the tokens %q", tokens)
	}
}

func TestStream_sends_what_servers_expect(t *testing.T) {
	var method, path, authorization, contentType string
	var body map[string]any
	m := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, path, authorization, contentType = r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Content-Type")
		json.NewDecoder(r.Body).Decode(&body)
		stream(ollama).ServeHTTP(w, r)
	}))
	if _, _, err := modeltest.Collect(t, m, model.Request{System: "Be brief.", Prompt: "hi", MaxTokens: 7}); err != nil {
		t.Fatal(err)
	}
	if method != "POST" || path != "/v1/chat/completions" || authorization != "Bearer secret" || contentType != "application/json" {
		t.Errorf("got %s %s with %q and %q", method, path, authorization, contentType)
	}
	got, _ := json.Marshal(body)
	const want = `{"max_tokens":7,"messages":[{"content":"Be brief.","role":"system"},{"content":"hi","role":"user"}],"model":"llama3.2","stream":true,"stream_options":{"include_usage":true}}`
	if string(got) != want {
		t.Errorf("got the body %s, want %s", got, want)
	}
}

func TestStream_reads_every_form_of_the_format(t *testing.T) {
	const chunk = `{"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}`
	for name, body := range map[string]string{
		"no space":                "data:" + chunk + "\n\ndata:[DONE]\n\n",
		"CRLF":                    "data: " + chunk + "\r\n\r\ndata: [DONE]\r\n\r\n",
		"CR":                      "data: " + chunk + "\r\rdata: [DONE]\r\r",
		"comments":                ": hello\n\n:\n\ndata: " + chunk + "\n: in between\n\n\n\ndata: [DONE]\n\n",
		"other fields":            "event: x\nid: 1\nretry: 5\nnothing\ndata: " + chunk + "\n\ndata: [DONE]\n\n",
		"several lines":           "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\ndata: \"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n",
		"several lines, CRLF":     "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\r\ndata: \"finish_reason\":\"length\"}]}\r\n\r\ndata: [DONE]\r\n\r\n",
		"byte order mark":         "\ufeffdata: " + chunk + "\n\ndata: [DONE]\n\n",
		"without [DONE]":          "data: " + chunk + "\n\n",
		"without the last line":   "data: " + chunk + "\n\ndata: [DONE]",
		"what follows is ignored": "data: " + chunk + "\n\ndata: [DONE]\n\ndata: {}\n\n",
		"null":                    `data: {"error":null,"choices":[{"delta":{"role":"assistant","content":null},"finish_reason":null}]}` + "\n\ndata: " + chunk + "\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			answer, _, err := modeltest.Collect(t, serve(t, stream(body)), model.Request{Prompt: "hi"})
			if err != nil || answer.Text != "a" || answer.StopReason != model.MaxTokens {
				t.Errorf("got %+v and %v", answer, err)
			}
		})
	}
}

func TestStream_ends_with_its_context(t *testing.T) {
	begin := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n")
	}
	server := modeltest.NewEndless(begin)
	server.CheckCancel(t, serve(t, server))
	server = modeltest.NewEndless(begin)
	server.CheckStop(t, serve(t, server))
}

func TestStream_is_there_before_the_server_is_done(t *testing.T) {
	next := make(chan struct{})
	m := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 3 {
			io.WriteString(w, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\n")
			http.NewResponseController(w).Flush()
			<-next
		}
		io.WriteString(w, "data: [DONE]\r\n\r\n")
	}))
	answer, err := m.Stream(t.Context(), model.Request{Prompt: "hi"}, func(string) error {
		next <- struct{}{} // the server goes on only when the token is here
		return nil
	})
	if answer.Text != "aaa" || answer.StopReason != model.EndTurn || err != nil {
		t.Errorf("got %+v and %v", answer, err)
	}
}

func TestNew_says_what_is_wrong(t *testing.T) {
	for _, base := range []string{"", "localhost:11434/v1", "ftp://localhost", "http://", "http://a/v1?key=x", "http://a/#x", "http://%zz"} {
		if _, err := New("m", Options{BaseURL: base}); err == nil || !strings.Contains(err.Error(), "use an http or https address") {
			t.Errorf("%q: got %v", base, err)
		}
	}
	if _, err := New("m", Options{BaseURL: "http://a", Key: "a\nb"}); err == nil || strings.Contains(err.Error(), "a\nb") {
		t.Errorf("got %v, want an error that hides the key", err)
	}
}
