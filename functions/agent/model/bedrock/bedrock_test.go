package bedrock

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/modeltest"
)

func TestStream_streams_tokens_and_usage(t *testing.T) {
	got, tokens, err := modeltest.Collect(t, serve(t, stream(t, 0, answer...)), model.Request{Prompt: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (model.Answer{Text: "Hello", StopReason: model.EndTurn, Usage: model.Usage{InputTokens: 12, OutputTokens: 3}}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !slices.Equal(tokens, []string{"Hel", "lo"}) {
		t.Errorf("got the tokens %q", tokens)
	}
}

func TestStream_sends_a_signed_request_to_the_model(t *testing.T) {
	var uri, authorization string
	var body map[string]any
	m := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uri, authorization = r.RequestURI, r.Header.Get("Authorization")
		json.NewDecoder(r.Body).Decode(&body)
		stream(t, 0, answer...).ServeHTTP(w, r)
	}))
	if _, _, err := modeltest.Collect(t, m, model.Request{System: "Be brief.", Prompt: "hi", MaxTokens: 7}); err != nil {
		t.Fatal(err)
	}
	if uri != "/model/eu.amazon.nova-micro-v1%3A0/converse-stream" || !strings.Contains(authorization, "/eu-west-1/bedrock/aws4_request") {
		t.Errorf("got %s with %q", uri, authorization)
	}
	got, _ := json.Marshal(body)
	const want = `{"inferenceConfig":{"maxTokens":7},"messages":[{"content":[{"text":"hi"}],"role":"user"}],"system":[{"text":"Be brief."}]}`
	if string(got) != want {
		t.Errorf("got the body %s, want %s", got, want)
	}
}

func TestStream_ends_with_its_context(t *testing.T) {
	begun := func(w http.ResponseWriter) {
		begin(w)
		for _, f := range answer[:3] {
			f.encode(w)
		}
	}
	server := modeltest.NewEndless(begun)
	server.CheckCancel(t, serve(t, server))
	server = modeltest.NewEndless(begun)
	server.CheckStop(t, serve(t, server))
}

func TestStream_says_why_a_stream_is_no_answer(t *testing.T) {
	begun := slices.Clip(answer[:3])
	for name, c := range map[string]struct {
		handler   http.Handler
		want      string
		temporary bool
	}{
		"model":     {stream(t, 0, append(begun, exception("modelStreamErrorException", "Model produced invalid sequence"))...), "failed with ModelStreamErrorException (ModelStreamErrorException: Model produced invalid sequence)", true},
		"throttled": {stream(t, 0, append(begun, exception("throttlingException", "Too many tokens"))...), "failed with ThrottlingException: try again in a minute, or use an inference profile (ThrottlingException: Too many tokens)", true},
		"internal":  {stream(t, 0, append(begun, exception("internalServerException", "oops"))...), "failed with InternalServerException (InternalServerException: oops)", true},
		"rejected":  {stream(t, 0, append(begun, exception("validationException", "no"))...), "failed with ValidationException: check", false},
		"gone":      {stream(t, 0, append(begun, exception("serviceUnavailableException", "later"))...), "failed with ServiceUnavailableException (ServiceUnavailableException: later)", true},
		"truncated": {stream(t, 0, begun...), "broke off before the end of its answer", true},
		"half":      {stream(t, 7, answer[:4]...), "broke off before the end of its answer", true},
		"nothing":   {stream(t, 0), "broke off before the end of its answer", true},
		"no stream": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello, this isn't an event stream")) }), "can't be reached", true},
	} {
		t.Run(name, func(t *testing.T) {
			failure := modeltest.Failure(t, serve(t, c.handler))
			if got := failure.Error(); !strings.HasPrefix(got, "the model bedrock:"+modelID+" "+c.want) || failure.Temporary != c.temporary {
				t.Errorf("got %q and temporary %v, want %q and %v", got, failure.Temporary, c.want, c.temporary)
			}
		})
	}
}

func TestStream_says_why_Bedrock_rejects(t *testing.T) {
	const secret = "User: arn:aws:sts::111122223333:assumed-role/Agent/f is not authorized"
	for exception, c := range map[string]struct {
		status   int
		want     string
		requests int
	}{
		"AccessDeniedException":       {403, "failed with AccessDeniedException: grant bedrock:InvokeModelWithResponseStream on it", 1},
		"ValidationException":         {400, "failed with ValidationException: check that it can converse", 1},
		"ResourceNotFoundException":   {404, "failed with ResourceNotFoundException: check the id and AWS_REGION", 1},
		"ThrottlingException":         {429, "failed with ThrottlingException: try again in a minute, or use an inference profile", 3},
		"UnrecognizedClientException": {403, "failed with UnrecognizedClientException: check the credentials: in Lambda they are the role's", 1},
		"SomethingNewException":       {418, "failed with SomethingNewException", 1},
	} {
		t.Run(exception, func(t *testing.T) {
			requests := 0
			failure := modeltest.Failure(t, serve(t, reject(c.status, exception, secret, &requests)))
			if got := failure.Public(); !strings.HasPrefix(got, "the model bedrock:"+modelID+" "+c.want) || strings.Contains(got, "1111") {
				t.Errorf("viewers are told %q, want %q and no account", got, c.want)
			}
			if failure.Temporary || requests != c.requests {
				t.Errorf("got %d requests and temporary %v, want %d and false", requests, failure.Temporary, c.requests)
			}
			if !strings.Contains(failure.Error(), secret) {
				t.Errorf("the log lacks Bedrock's words: %q", failure)
			}
		})
	}
}

func TestStream_says_that_there_are_no_credentials(t *testing.T) {
	m := serve(t, http.NotFoundHandler(), func(o *bedrockruntime.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no EC2 IMDS role found")
		})
	})
	failure := modeltest.Failure(t, m)
	if got := failure.Public(); !strings.HasSuffix(got, " can't be reached: check AWS_REGION, the network and the credentials: in Lambda they are the role's; "+
		"the keys of the local edge are its own, so run the agent without it, with yours") || failure.Temporary {
		t.Errorf("got %q and temporary %v", got, failure.Temporary)
	}
}

func TestStream_says_that_Bedrock_cant_be_reached(t *testing.T) {
	address := "http://127.0.0.1:1"
	m := serve(t, http.NotFoundHandler(), func(o *bedrockruntime.Options) { o.BaseEndpoint, o.RetryMaxAttempts = &address, 1 })
	failure := modeltest.Failure(t, m)
	if got := failure.Public(); !strings.Contains(got, " can't be reached: check AWS_REGION, the network and") || failure.Temporary {
		t.Errorf("got %q and temporary %v", got, failure.Temporary)
	}
}

func TestFailure_keeps_the_exception(t *testing.T) {
	requests := 0
	err := modeltest.Failure(t, serve(t, reject(403, "AccessDeniedException", "no", &requests)))
	if denied := (*types.AccessDeniedException)(nil); !errors.As(err, &denied) {
		t.Errorf("got %v, want the SDK's type in it", err)
	}
}
