package bedrock

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go/eventstream"
	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const modelID = "eu.amazon.nova-micro-v1:0"

// serve returns a model whose requests go to a server. The SDK's waits between
// attempts are as in production.
func serve(t *testing.T, handler http.Handler, options ...func(*bedrockruntime.Options)) model.Model {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_REGION":                  "eu-west-1",
		"AWS_ACCESS_KEY_ID":           "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY":       "secret",
		"AWS_SESSION_TOKEN":           "",
		"AWS_CONFIG_FILE":             "/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_PROFILE":                 "",
	} {
		t.Setenv(name, value)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	options = append([]func(*bedrockruntime.Options){func(o *bedrockruntime.Options) { o.BaseEndpoint = &server.URL }}, options...)
	m, err := New(t.Context(), modelID, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A frame is one message of an event stream.
type frame struct{ kind, name, payload string }

func event(name, payload string) frame { return frame{"event", name, payload} }
func exception(name, message string) frame {
	return frame{"exception", name, `{"message":"` + message + `"}`}
}

// encode writes a frame as Bedrock does.
//
// See: https://smithy.io/2.0/aws/amazon-eventstream.html
func (f frame) encode(w io.Writer) error {
	var message eventstream.Message
	message.Headers.Set(":message-type", eventstream.StringValue(f.kind))
	message.Headers.Set(":"+f.kind+"-type", eventstream.StringValue(f.name))
	message.Headers.Set(":content-type", eventstream.StringValue("application/json"))
	message.Payload = []byte(f.payload)
	return eventstream.NewEncoder().Encode(w, message)
}

// answer has the events of an answer. Bedrock pads them with a field "p" of random
// length.
//
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html
var answer = []frame{
	event("messageStart", `{"p":"abcdefghijk","role":"assistant"}`),
	event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}},"p":"abc"}`),
	event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"Hel"},"p":"abcdefghijklm"}`),
	event("somethingNew", `{"x":1}`),
	event("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"lo"},"p":"ab"}`),
	event("contentBlockStop", `{"contentBlockIndex":0,"p":"abcdefg"}`),
	event("messageStop", `{"p":"abcdefgh","stopReason":"end_turn"}`),
	event("metadata", `{"metrics":{"latencyMs":301},"p":"abcdefghijklmno","usage":{"inputTokens":12,"outputTokens":3,"serverToolUsage":{},"totalTokens":15}}`),
}

// stream returns a server that sends frames, without the last cut bytes.
func stream(t *testing.T, cut int, frames ...frame) http.Handler {
	t.Helper()
	var body strings.Builder
	for _, f := range frames {
		if err := f.encode(&body); err != nil {
			t.Fatal(err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		begin(w)
		io.WriteString(w, body.String()[:body.Len()-cut])
	})
}

func begin(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
	w.Header().Set("X-Amzn-Requestid", "00000000-0000-0000-0000-000000000000")
}

// reject returns a server that sends an error instead of a stream.
func reject(status int, exception, message string, requests *int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		*requests++
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Errortype", exception+":http://internal.amazon.com/coral/com.amazon.bedrock/")
		w.WriteHeader(status)
		io.WriteString(w, `{"message":"`+message+`"}`)
	})
}

func TestNew_says_that_there_is_no_region(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, "/dev/null")
	}
	_, err := New(context.Background(), modelID)
	if err == nil || err.Error() != "bedrock: no region: set AWS_REGION to the region of the model "+modelID {
		t.Errorf("got %v", err)
	}
}
