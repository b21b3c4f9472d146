package restapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const functionARN = "arn:aws:lambda:eu-west-1:111122223333:function:shop"

var admin = sigv4.Identity{
	Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/local", UserID: "AIDALOCALEXAMPLE",
	Credentials: sigv4.Credentials{AccessKeyID: "AKIALOCALEXAMPLE", SecretAccessKey: "secret"},
}

// An invoke is what a function does with an event.
type invoke = func(ctx context.Context, event []byte) (*lambda.Response, error)

// returns is a function that returns a result.
func returns(result string) invoke {
	return func(context.Context, []byte) (*lambda.Response, error) {
		return &lambda.Response{Body: io.NopCloser(strings.NewReader(result)), Environment: "shop#1"}, nil
	}
}

// echo is a function that returns its event.
func echo(_ context.Context, event []byte) (*lambda.Response, error) {
	result, err := json.Marshal(map[string]any{"body": string(event)})
	if err != nil {
		return nil, err
	}
	return &lambda.Response{Body: io.NopCloser(bytes.NewReader(result))}, nil
}

// permission lets API Gateway invoke the function from a source.
func permission(source string) []*iam.Policy {
	return []*iam.Policy{iam.New("App/Permit", iam.Statement{
		Effect: "Allow", Action: []string{"lambda:InvokeFunction"}, Resource: iam.Literal{V: functionARN},
		Principal: iam.Literal{V: map[string]any{"AWS": "apigateway.amazonaws.com"}},
		Condition: iam.Literal{V: map[string]any{"ArnLike": map[string]any{"AWS:SourceArn": source}}},
	})}
}

// An api is an API with one function behind its routes, and its log.
type api struct {
	*restapi.API

	log *logtest.Log
}

// newAPI returns an API with a stage prod, whose routes are "METHOD /path" with IAM or
// KEY behind them.
func newAPI(t testing.TB, function invoke, change func(*restapi.Config), routes ...string) api {
	t.Helper()
	stage := &restapi.Stage{DeploymentID: "dep123", Keys: map[string]string{"a-key": "key123"}}
	for _, route := range routes {
		words := strings.Fields(route)
		r := restapi.Route{ResourceID: "res123", Method: words[0], Path: words[1], Function: restapi.Function{
			ARN: functionARN, Policies: permission("arn:aws:execute-api:eu-west-1:111122223333:abc123/*"), Timeout: time.Minute,
			Invoke: func(ctx context.Context, event lambda.Event, _ lambda.InvokeOptions) (*lambda.Response, error) {
				defer event.Close()
				var content bytes.Buffer
				if _, err := event.WriteTo(&content); err != nil {
					t.Error(err)
				}
				return function(ctx, content.Bytes())
			},
		}}
		for _, word := range words[2:] {
			r.IAM, r.KeyRequired = r.IAM || word == "IAM", r.KeyRequired || word == "KEY"
			r.Function.Stream = r.Function.Stream || word == "STREAM"
		}
		stage.Routes = append(stage.Routes, r)
	}
	config := restapi.Config{
		ID: "abc123", Domain: "abc123.execute-api.eu-west-1.amazonaws.com", Partition: "aws", Region: "eu-west-1", Account: "111122223333",
		Stages: map[string]*restapi.Stage{"prod": stage},
		Access: func(sigv4.Identity, iam.Request) *fault.Error { return nil },
		Verifier: &sigv4.Verifier{Lookup: func(id string) (sigv4.Identity, bool) {
			return admin, id == admin.Credentials.AccessKeyID
		}},
	}
	if change != nil {
		change(&config)
	}
	var log logtest.Log
	return api{restapi.New(config, slog.New(slog.NewTextHandler(&log, nil))), &log}
}

// A response is one that was read.
type response struct {
	status int
	header http.Header
	body   string
}

func (r response) message() string {
	var body struct{ Message string }
	if json.Unmarshal([]byte(r.body), &body) != nil {
		return r.body
	}
	return body.Message
}

func (a api) send(t testing.TB, method, target, body string, headers ...string) response {
	t.Helper()
	return a.do(t, newRequest(method, target, body, headers...))
}

func newRequest(method, target, body string, headers ...string) *http.Request {
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	req.Host = "127.0.0.1:23876"
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	return req
}

func (a api) do(t testing.TB, req *http.Request) response {
	t.Helper()
	recorder := httptest.NewRecorder()
	a.ServeHTTP(recorder, req)
	return response{recorder.Code, recorder.Header(), recorder.Body.String()}
}

// sign signs a request for its Host.
func sign(t testing.TB, req *http.Request, body string) *http.Request {
	t.Helper()
	sigv4.Sign(req, sigv4.HashOf(strings.NewReader(body)), admin.Credentials, "execute-api", "eu-west-1", time.Now())
	return req
}

// event sends a request to an API that echoes, and returns its event.
func (a api) event(t testing.TB, req *http.Request) map[string]any {
	t.Helper()
	resp := a.do(t, req)
	var event map[string]any
	if err := json.Unmarshal([]byte(resp.body), &event); err != nil || resp.status != http.StatusOK {
		t.Fatalf("got %d %s, log %s", resp.status, resp.body, a.log)
	}
	return event
}
