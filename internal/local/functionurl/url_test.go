package functionurl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aws/aws-lambda-go/events"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testARN = "arn:aws:lambda:eu-west-1:111122223333:function:demo"

var (
	admin = sigv4.Identity{
		Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/local", UserID: "AIDALOCALEXAMPLE",
		Credentials: sigv4.Credentials{AccessKeyID: "AKIALOCALEXAMPLE", SecretAccessKey: "secret"},
	}
	edge = sigv4.Identity{
		Account: "444455556666", ARN: "arn:aws:sts::444455556666:assumed-role/OriginAccessControlRole/OriginAccessSession", UserID: "AROALOCALEXAMPLE:OriginAccessSession",
		Credentials: sigv4.Credentials{AccessKeyID: "ASIALOCALEXAMPLE", SecretAccessKey: "edge", SessionToken: "token"},
		Service:     "cloudfront.amazonaws.com", SourceAccount: "111122223333",
		SourceARN: "arn:aws:cloudfront::111122223333:distribution/E1LOCALEXAMPLE",
	}
)

// permission returns the policy of one permission.
func permission(principal, action string, conditions map[string]any) *iam.Policy {
	return iam.New("App/Permit", iam.Statement{
		Effect: "Allow", Action: []string{action}, Resource: iam.Literal{V: testARN},
		Principal: iam.Literal{V: map[string]any{"AWS": principal}}, Condition: iam.Literal{V: conditions},
	})
}

// conditions are those of a permission for a distribution.
func conditions(sourceARN, operator, key string, value any) map[string]any {
	return map[string]any{"ArnLike": map[string]any{"AWS:SourceArn": sourceARN}, operator: map[string]any{key: value}}
}

var bothPermissions = []*iam.Policy{
	permission(edge.Service, "lambda:InvokeFunctionUrl", conditions(edge.SourceARN, "StringEquals", "lambda:FunctionUrlAuthType", AuthTypeIAM)),
	permission(edge.Service, "lambda:InvokeFunction", conditions(edge.SourceARN, "Bool", "lambda:InvokedViaFunctionUrl", true)),
}

// An invoke is the Invoke method of a function.
type invoke = func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error)

// streams returns a response of a prelude and what follows it.
func streams(content string) invoke {
	return func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		return &lambda.Response{ContentType: payload.ContentTypeIntegration, Body: io.NopCloser(strings.NewReader(content)), Environment: "demo#1", Cold: true}, nil
	}
}

// buffers returns a JSON payload.
func buffers(payload string) invoke {
	return func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		return &lambda.Response{ContentType: "application/json", Body: io.NopCloser(strings.NewReader(payload))}, nil
	}
}

const nuls = "\x00\x00\x00\x00\x00\x00\x00\x00"

// newURL returns a URL with IAM and both statements, and its log.
func newURL(t testing.TB, function invoke, change func(*Config)) (*URL, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	config := Config{
		ID: "abcdef", Region: "eu-west-1", Account: "111122223333", FunctionName: "demo", FunctionARN: testARN,
		AuthType: AuthTypeIAM, InvokeMode: InvokeModeResponseStream, Policies: bothPermissions,
		Invoke: func(ctx context.Context, event lambda.Event, options lambda.InvokeOptions) (*lambda.Response, error) {
			return function(ctx, contentOf(t, event), options)
		},
		Verifier: &sigv4.Verifier{Lookup: func(id string) (sigv4.Identity, bool) {
			for _, i := range []sigv4.Identity{admin, edge} {
				if i.Credentials.AccessKeyID == id {
					return i, true
				}
			}
			return sigv4.Identity{}, false
		}},
	}
	if change != nil {
		change(&config)
	}
	return New(config, slog.New(slog.NewTextHandler(&log, nil))), &log
}

// contentOf returns an event as its function gets it.
func contentOf(t testing.TB, event lambda.Event) []byte {
	t.Helper()
	defer event.Close()
	var content bytes.Buffer
	if _, err := event.WriteTo(&content); err != nil || int64(content.Len()) != event.Size() {
		t.Errorf("got %d of %d bytes of an event, %v", content.Len(), event.Size(), err)
	}
	return content.Bytes()
}

func newRequest(t testing.TB, method, target, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, "https://abcdef.lambda-url.eu-west-1.on.aws"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func signed(t testing.TB, who sigv4.Identity, req *http.Request, body string) *http.Request {
	t.Helper()
	if body != "" {
		req.Header.Set("X-Amz-Content-Sha256", sigv4.HashOf(strings.NewReader(body)))
	}
	sigv4.Sign(req, sigv4.HashOf(strings.NewReader(body)), who.Credentials, "lambda", "eu-west-1", time.Now())
	return req
}

func roundTrip(t testing.TB, u *URL, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := u.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestURL_streams_the_response_of_the_function(t *testing.T) {
	u, log := newURL(t, streams(`{"statusCode":201,"headers":{"X-Note":"hi","content-type":"text/plain"},"cookies":["a=b","c=d; Path=/"]}`+nuls+"hello"), nil)
	resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/a%2Fb?x=1", ""), ""))
	if resp.StatusCode != 201 || body != "hello" || resp.ContentLength != -1 {
		t.Errorf("got %d %q of length %d", resp.StatusCode, body, resp.ContentLength)
	}
	if resp.Header.Get("X-Note") != "hi" || resp.Header.Get("Content-Type") != "text/plain" || len(resp.Header["Set-Cookie"]) != 2 {
		t.Errorf("headers %v", resp.Header)
	}
	if resp.Header.Get("x-amzn-requestid") == "" {
		t.Errorf("headers %v", resp.Header)
	}
	if !strings.HasPrefix(resp.Header.Get("X-Amzn-Trace-Id"), "Root=1-") || log.Len() > 0 {
		t.Errorf("headers %v, log %s", resp.Header, log)
	}
}

func TestURL_gives_the_function_the_ids_of_the_event(t *testing.T) {
	var got events.LambdaFunctionURLRequest
	var request, trace string
	u, _ := newURL(t, func(_ context.Context, e []byte, options lambda.InvokeOptions) (*lambda.Response, error) {
		request, trace = options.RequestID, options.TraceID
		return &lambda.Response{Body: io.NopCloser(strings.NewReader(""))}, json.Unmarshal(e, &got)
	}, nil)
	req := newRequest(t, http.MethodGet, "/", "")
	req.Header.Set("X-Amzn-Trace-Id", "Root=1-65c08e4d-0f1cf053229cd24b5f68dda7")
	resp, _ := roundTrip(t, u, signed(t, admin, req, ""))
	if request == "" || got.RequestContext.RequestID != request || resp.Header.Get("X-Amzn-Requestid") != request {
		t.Errorf("ids %q and %q, header %v", request, got.RequestContext.RequestID, resp.Header)
	}
	if trace != got.Headers["x-amzn-trace-id"] || !strings.HasPrefix(trace, "Self=1-") || !strings.HasSuffix(trace, ";Root=1-65c08e4d-0f1cf053229cd24b5f68dda7") {
		t.Errorf("trace %q, event %q", trace, got.Headers["x-amzn-trace-id"])
	}
}

func TestURL_responds_for_a_function_that_fails(t *testing.T) {
	busy := &lambda.ThrottledError{Function: "demo", Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Limit: 1}
	tests := []struct {
		name     string
		mode     string
		function invoke
		status   int
		body     string
		log      string
	}{
		{"error before the first byte", InvokeModeResponseStream, fails(errors.New("Runtime.ExitError: it died")), 502, "Internal Server Error", "it died"},
		{"error instead of a prelude", InvokeModeResponseStream, breaks("", payload.ContentTypeIntegration), 502, "Internal Server Error", "broken"},
		{"error within the prelude", InvokeModeResponseStream, breaks(`{"statusCode":`, payload.ContentTypeIntegration), 502, "Internal Server Error", "broken"},
		{"error instead of a plain body", InvokeModeResponseStream, breaks("", "text/plain"), 502, "Internal Server Error", "broken"},
		{"garbage", InvokeModeResponseStream, streams("garbage"), 502, "Internal Server Error", "ended after 7 bytes"},
		{"nothing", InvokeModeResponseStream, streams(""), 502, "Internal Server Error", "ended after 0 bytes"},
		{"prelude that is no object", InvokeModeResponseStream, streams("[]" + nuls), 502, "Internal Server Error", "isn't a JSON object"},
		{"status out of range", InvokeModeResponseStream, streams(`{"statusCode":99}` + nuls), 502, "Internal Server Error", "outside 200–599"},
		{"header with a line break", InvokeModeResponseStream, streams(`{"headers":{"a":"b\r\nc: d"}}` + nuls), 502, "Internal Server Error", "control character"},
		{"endless prelude", InvokeModeResponseStream, streams(strings.Repeat("x", 70<<10)), 502, "Internal Server Error", "first 65536 bytes"},
		{"throttled", InvokeModeResponseStream, fails(busy), 429, `{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}`, "raise ReservedConcurrentExecutions"},
		{"buffered error", InvokeModeBuffered, breaks("{", "application/json"), 502, "Internal Server Error", "broken"},
		{"buffered garbage", InvokeModeBuffered, buffers("garbage"), 502, "Internal Server Error", "isn't JSON"},
		{"buffered stream", InvokeModeBuffered, streams(`{"statusCode":200}` + nuls + "x"), 502, "Internal Server Error", "InvokeMode is BUFFERED"},
		{"buffered status as text", InvokeModeBuffered, buffers(`{"statusCode":"200"}`), 502, "Internal Server Error", "statusCode"},
		{"buffered bad base64", InvokeModeBuffered, buffers(`{"statusCode":200,"body":"*","isBase64Encoded":true}`), 502, "Internal Server Error", "isn't base64"},
		{"buffered over 6 MB", InvokeModeBuffered, buffers(`"` + strings.Repeat("x", 6_291_556) + `"`), 502, "Internal Server Error", "(6291556 bytes)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, log := newURL(t, test.function, func(c *Config) { c.InvokeMode = test.mode })
			ex := new(trace.Trace)
			req := signed(t, admin, newRequest(t, http.MethodGet, "/", ""), "")
			resp, body := roundTrip(t, u, req.WithContext(trace.NewContext(req.Context(), ex)))
			if resp.StatusCode != test.status || body != test.body || resp.Header.Get("Content-Type") != "application/json" {
				t.Errorf("got %d %q %v", resp.StatusCode, body, resp.Header)
			}
			if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), test.log) || !strings.Contains(log.String(), "hint=") {
				t.Errorf("log: %s", log)
			}
			if ex.Summary().Cause == "" {
				t.Error("the trace does not say why")
			}
		})
	}
}

func fails(err error) invoke {
	return func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) { return nil, err }
}

// breaks returns content and then an error.
func breaks(content, contentType string) invoke {
	return func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		r := io.MultiReader(strings.NewReader(content), brokenReader{})
		return &lambda.Response{ContentType: contentType, Body: io.NopCloser(r)}, nil
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken") }
