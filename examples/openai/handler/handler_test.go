package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/embedded"
)

const key = "correct-horse-battery-staple"

// post sends a body with the key to a server of a model.
func post(m model.Model, path, body string) *httptest.ResponseRecorder {
	sum := sha256.Sum256([]byte(key))
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	newHandler(m, hex.EncodeToString(sum[:])).ServeHTTP(w, r)
	return w
}

// echo is a model that answers with all that it got.
var echo = embedded.New(func(r model.Request) string { return r.System + "|" + r.Prompt }, 0)

// broken is a model that fails after a token.
type broken struct{ err error }

func (broken) Name() string { return "broken" }

func (b broken) Stream(_ context.Context, _ model.Request, token func(string) error) (model.Answer, error) {
	token("half")
	return model.Answer{}, b.err
}

func TestCompletions_reject_by_name_what_a_model_cant_do(t *testing.T) {
	const hello = `"model":"embedded","messages":[{"role":"user","content":"Hello"}]`
	for body, want := range map[string][]string{
		`{` + hello + `,"tools":[{"type":"function"}]}`:            {"400", `"param":"tools","code":"unsupported_parameter"`},
		`{` + hello + `,"response_format":{"type":"json_object"}}`: {"400", `"param":"response_format"`},
		`{` + hello + `,"n":2}`:                                    {"400", `"param":"n"`},
		`{` + hello + `,"temperature":0.2}`:                        {"400", `"param":"temperature"`},
		`{` + hello + `,"unknown":0}`:                              {"400", `"param":"unknown"`},
		`{` + hello + `,"n":1,"temperature":1.0,"tools":null,"user":"ada","response_format":{"type":"text"}}`: {"200", `"content":"|Hello"`},
		`{"model":"gpt-4o","messages":[]}`:                                                   {"404", `"type":"invalid_request_error","param":"model","code":"model_not_found"`},
		`{"model":"embedded","messages":[]}`:                                                 {"400", `"param":"messages"`},
		`{"model":"embedded","messages":[{"role":"tool","content":"1"}]}`:                    {"400", `"param":"messages[0].role"`},
		`{"model":"embedded","messages":[{"role":"assistant","tool_calls":[{}]}]}`:           {"400", `"param":"messages[0].tool_calls"`},
		`{"model":"embedded","messages":[{"role":"user","content":[{"type":"image_url"}]}]}`: {"400", `parts of type \"image_url\"`},
		`{"model":"embedded","messages":[{"role":"user","content":7}]}`:                      {"400", `"param":"messages[0].content"`},
		`[]`: {"400", `"code":"invalid_json"`},
		`{"model":"embedded","messages":[{"role":"user","content":"` + strings.Repeat("x", maxBody) + `"}]}`: {"413", `"code":"body_too_large"`},
	} {
		w := post(echo, "/v1/chat/completions", body)
		if !strings.HasPrefix(w.Result().Status, want[0]) || !strings.Contains(w.Body.String(), want[1]) {
			t.Errorf("%.200s: got %d %s, want %v", body, w.Code, w.Body, want)
		}
	}
}

func TestCompletions_pass_a_conversation_on(t *testing.T) {
	for messages, want := range map[string]string{
		`{"role":"developer","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}`:                                   `Be brief.|a\nb`,
		`{"role":"system","content":"A"},{"role":"user","content":"1"},{"role":"assistant","content":"2"},{"role":"system","content":"B"},{"role":"user","content":"3"}`: `A\n\nB|Continue this conversation with the assistant's next message.\n\nUser: 1\n\nAssistant: 2\n\nUser: 3`,
	} {
		w := post(echo, "/v1/chat/completions", `{"model":"embedded","messages":[`+messages+`]}`)
		if !strings.Contains(w.Body.String(), `"content":"`+want+`"`) {
			t.Errorf("got %s, want %s", w.Body, want)
		}
	}
}

func TestCompletions_say_how_a_model_failed(t *testing.T) {
	secret := errors.New("arn:aws:iam::111122223333:role/secret")
	for _, test := range []struct {
		err    error
		status int
		want   string
	}{
		{&model.Error{Model: "broken", Problem: "is throttled", Temporary: true, Err: secret}, http.StatusServiceUnavailable, "the model broken is throttled"},
		{&model.Error{Model: "broken", Problem: "has no access", Err: secret}, http.StatusInternalServerError, "the model broken has no access"},
		{context.DeadlineExceeded, http.StatusGatewayTimeout, "the answer took too long"},
		{secret, http.StatusInternalServerError, "the server failed"},
	} {
		const body = `{"model":"broken","messages":[{"role":"user","content":"Hello"}]`
		w := post(broken{test.err}, "/v1/chat/completions", body+`}`)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) || (w.Header().Get("X-Should-Retry") == "false") != (w.Code == http.StatusGatewayTimeout) {
			t.Errorf("%v: got %d %v %s", test.err, w.Code, w.Header(), w.Body)
		}
		stream := post(broken{test.err}, "/v1/chat/completions", body+`,"stream":true}`).Body.String()
		chat := post(broken{test.err}, "/api/chat", `{"messages":[{"role":"user","parts":[{"type":"text","text":"Hello"}]}]}`).Body.String()
		if !strings.Contains(stream, `data: {"error":{"message":"`+test.want) || !strings.Contains(chat, test.want) || !strings.Contains(chat, `"type":"error"`) {
			t.Errorf("%v: got %s and %s", test.err, stream, chat)
		}
		for _, sent := range []string{w.Body.String(), stream, chat} {
			if strings.Contains(sent, "secret") || strings.Contains(sent, "[DONE]") {
				t.Errorf("%v: got %s, want no secret and no [DONE]", test.err, sent)
			}
		}
	}
}

func TestChat_sends_a_UI_message_stream(t *testing.T) {
	w := post(echo, "/api/chat", `{"id":"1","messages":[{"id":"2","role":"user","parts":[{"type":"text","text":"Hello"}]}]}`)
	_, rest, _ := strings.Cut(w.Body.String(), "\n\n") // after the random id
	const want = `data: {"id":"text","type":"text-start"}

data: {"delta":"|Hello","id":"text","type":"text-delta"}

data: {"id":"text","type":"text-end"}

data: {"finishReason":"stop","messageMetadata":{"usage":{"inputTokens":1,"outputTokens":1}},"type":"finish"}

data: [DONE]

`
	if rest != want || w.Header().Get("X-Vercel-AI-UI-Message-Stream") != "v1" {
		t.Errorf("got %v %s", w.Header(), w.Body)
	}
	for _, body := range []string{`[]`, `{"messages":[{"role":"","parts":[]}]}`, `{"messages":[{"role":"user","parts":[{"type":"file"}]}]}`, `{"messages":[]}`} {
		if w := post(echo, "/api/chat", body); w.Code != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want 400", body, w.Code, w.Body)
		}
	}
}

func TestRequireKey_rejects_other_keys(t *testing.T) {
	sum := sha256.Sum256([]byte(key))
	for _, test := range []struct{ hash, authorization string }{
		{hex.EncodeToString(sum[:]), ""}, {hex.EncodeToString(sum[:]), "Bearer wrong"}, {"", "Bearer "}, {"", "Bearer " + key},
	} {
		r := httptest.NewRequest(http.MethodGet, "/v1/models", nil)
		r.Header.Set("Authorization", test.authorization)
		w := httptest.NewRecorder()
		newHandler(echo, test.hash).ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), `"code":"invalid_api_key"`) {
			t.Errorf("%+v: got %d %s, want 401", test, w.Code, w.Body)
		}
	}
}
