package functionurl

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// capture gives the event that the URL makes of a request, as JSON.
func capture(t testing.TB, req *http.Request, body string, change func(*Config)) []byte {
	t.Helper()
	var got []byte
	u, log := newURL(t, invoke(func(_ context.Context, e []byte, _ lambda.InvokeOptions) (*lambda.Response, error) {
		got = e
		return &lambda.Response{Body: io.NopCloser(strings.NewReader("ok"))}, nil
	}), change)
	resp, body := roundTrip(t, u, signed(t, admin, req, body))
	if resp.StatusCode != 200 {
		t.Fatalf("got %d %s, log %s", resp.StatusCode, body, log)
	}
	return got
}

// The shape of the capture that aws-lambda-go publishes as
// lambdaurl/testdata/function-url-request-with-headers-and-cookies-and-text-body.json.
func TestEvent_is_shaped_like_live_captures(t *testing.T) {
	const body = `{"hello": "world"}`
	req := newRequest(t, http.MethodPost, "/hello%20you?hello=world&foo=bar&foo=b%2Cz+q", body)
	req.RemoteAddr = "203.0.113.7:5555"
	req.Header = http.Header{
		"Accept": {"*/*"}, "Content-Type": {"application/json"}, "Cookie": {"foo=bar; hello=hello", "third=3"},
		"Header2": {"h1,h2", "h3"}, "User-Agent": {"python-requests/2.28.2"}, "Connection": {"keep-alive"},
	}
	var got map[string]any
	raw := capture(t, req, body, nil)
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	headers := got["headers"].(map[string]any)
	context := got["requestContext"].(map[string]any)
	for _, volatile := range []string{"x-amz-date", "x-amzn-trace-id"} {
		if headers[volatile] == "" || headers[volatile] == nil {
			t.Errorf("no %s", volatile)
		}
		delete(headers, volatile)
	}
	for _, volatile := range []string{"requestId", "time", "timeEpoch"} {
		if context[volatile] == nil {
			t.Errorf("no %s", volatile)
		}
		delete(context, volatile)
	}
	want := map[string]any{
		"version": "2.0", "routeKey": "$default", "rawPath": "/hello%20you", "rawQueryString": "hello=world&foo=bar&foo=b%2Cz+q",
		"cookies": []any{"foo=bar", "hello=hello", "third=3"},
		"headers": map[string]any{
			"accept": "*/*", "content-length": "18", "content-type": "application/json", "cookie": "foo=bar; hello=hello; third=3",
			"header2": "h1,h2,h3", "host": "abcdef.lambda-url.eu-west-1.on.aws", "user-agent": "python-requests/2.28.2",
			"x-amz-content-sha256": "5f8f04f6a3a892aaabbddb6cf273894493773960d4a325b105fee46eef4304f1",
			"x-forwarded-for":      "203.0.113.7", "x-forwarded-port": "443", "x-forwarded-proto": "https",
		},
		"queryStringParameters": map[string]any{"hello": "world", "foo": "bar,b,z q"},
		"requestContext": map[string]any{
			"accountId": "111122223333", "apiId": "abcdef", "authentication": nil,
			"authorizer": map[string]any{"iam": map[string]any{
				"accessKey": "AKIALOCALEXAMPLE", "accountId": "111122223333", "callerId": "AIDALOCALEXAMPLE", "cognitoIdentity": nil,
				"principalOrgId": nil, "userArn": "arn:aws:iam::111122223333:user/local", "userId": "AIDALOCALEXAMPLE",
			}},
			"domainName": "abcdef.lambda-url.eu-west-1.on.aws", "domainPrefix": "abcdef",
			"http":     map[string]any{"method": "POST", "path": "/hello you", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "python-requests/2.28.2"},
			"routeKey": "$default", "stage": "$default",
		},
		"body": body, "pathParameters": nil, "isBase64Encoded": false, "stageVariables": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if err := json.Unmarshal(raw, new(events.LambdaFunctionURLRequest)); err != nil {
		t.Errorf("aws-lambda-go cannot read it: %v", err)
	}
}

func TestEvent_of_a_public_URL_is_anonymous(t *testing.T) {
	var got events.LambdaFunctionURLRequest
	raw := capture(t, newRequest(t, http.MethodGet, "", ""), "", func(c *Config) {
		c.AuthType, c.Policies = AuthTypeNone, []*iam.Policy{permission("*", "lambda:*", nil)}
	})
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got.RequestContext.AccountID != "anonymous" || got.RequestContext.Authorizer != nil || got.RawPath != "/" || got.RequestContext.HTTP.Path != "/" {
		t.Errorf("event %s", raw)
	}
	if strings.Contains(string(raw), `"body"`) || strings.Contains(string(raw), `"cookies"`) || strings.Contains(string(raw), `"queryStringParameters"`) || strings.Contains(string(raw), "uthorization") {
		t.Errorf("event %s", raw)
	}
}

func TestEvent_keeps_the_viewer_that_CloudFront_names(t *testing.T) {
	req := newRequest(t, http.MethodGet, "/", "")
	req.Header.Set("X-Forwarded-For", "198.51.100.1")
	req.Header.Set("X-Forwarded-Proto", "http")
	req.Header.Set("X-Forwarded-Port", "1")
	req.Header.Set("X-Forwarded-Host", "www.example.com")
	var got events.LambdaFunctionURLRequest
	if err := json.Unmarshal(capture(t, req, "", nil), &got); err != nil {
		t.Fatal(err)
	}
	seen := [...]string{got.Headers["x-forwarded-for"], got.Headers["x-forwarded-proto"], got.Headers["x-forwarded-port"], got.Headers["x-forwarded-host"]}
	if want := [...]string{"198.51.100.1", "https", "443", "www.example.com"}; seen != want || got.RequestContext.HTTP.SourceIP != "64.252.64.1" {
		t.Errorf("headers %v, context %+v", got.Headers, got.RequestContext)
	}
}

func TestEvent_has_the_scheme_and_port_by_which_viewers_reach_the_local_edge(t *testing.T) {
	for _, c := range []struct {
		plain bool
		host  string
		want  [2]string
	}{
		{true, "127.0.0.1:23875", [2]string{"http", "23875"}},
		{true, "laptop.local", [2]string{"http", "80"}},
		{true, "", [2]string{"http", "80"}},
		{false, "[::1]:23875", [2]string{"https", "23875"}},
		{false, "[::1]", [2]string{"https", "443"}},
	} {
		req := newRequest(t, http.MethodGet, "/", "")
		if c.host != "" {
			req.Header.Set("X-Forwarded-Host", c.host)
		}
		var got events.LambdaFunctionURLRequest
		if err := json.Unmarshal(capture(t, req, "", func(config *Config) { config.PlainHTTP = c.plain }), &got); err != nil {
			t.Fatal(err)
		}
		if seen := [2]string{got.Headers["x-forwarded-proto"], got.Headers["x-forwarded-port"]}; seen != c.want {
			t.Errorf("%+v: got %v", c, seen)
		}
	}
}

func TestEvent_carries_binary_bodies_in_base64(t *testing.T) {
	tests := []struct {
		contentType, encoding, body string
		base64                      bool
	}{
		{"application/json", "", "{}", false},
		{"Application/JSON; charset=utf-8", "", "{}", false},
		{"text/csv", "", "a,<b>&\u2028é", false},
		{"application/javascript", "", "1", false},
		{"application/xml", "", "<a/>", false},
		{"application/json", "gzip", "{}", true},
		{"application/x-www-form-urlencoded", "", "a=b", true},
		{"multipart/form-data; boundary=x", "", "--x--", true},
		{"application/octet-stream", "", "\x00\xff", true},
		{"application/vnd.api+json", "", "{}", true},
		{"text/plain", "", "\xff\xfe", true},
		{"", "", "x", true},
		{"idk", "", "<idk/>", true},
	}
	for _, test := range tests {
		req := newRequest(t, http.MethodPost, "/", test.body)
		req.Header.Set("Content-Type", test.contentType)
		if test.encoding != "" {
			req.Header.Set("Content-Encoding", test.encoding)
		}
		var got events.LambdaFunctionURLRequest
		if err := json.Unmarshal(capture(t, req, test.body, nil), &got); err != nil {
			t.Fatal(err)
		}
		want := test.body
		if test.base64 {
			want = base64.StdEncoding.EncodeToString([]byte(test.body))
		}
		if got.IsBase64Encoded != test.base64 || got.Body != want {
			t.Errorf("%+v: got %v %q", test, got.IsBase64Encoded, got.Body)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("/a%2Fb//c", "a=1&a=2&b", "X-Note", "v", "text/plain", []byte("body"))
	f.Add("/", "%zz&;=&&=&+", "cookie", "a=b;;c", "", []byte{0xff})
	f.Fuzz(func(t *testing.T, path, query, name, value, contentType string, body []byte) {
		target := "https://h/" + strings.TrimLeft(path, "/")
		if query != "" {
			target += "?" + query
		}
		req, err := http.NewRequest(http.MethodPost, target, nil)
		if err != nil || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) || !httpguts.ValidHeaderFieldValue(contentType) ||
			!utf8.ValidString(target) || !utf8.ValidString(value) || !utf8.ValidString(contentType) { // JSON holds only text
			return
		}
		req.Header.Set("Content-Type", contentType)
		key := http.CanonicalHeaderKey(name)
		req.Header.Set(key, value)
		u, _ := newURL(t, streams(ok), nil)
		received, _, err := spool.Read(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		defer received.Close()
		document, err := u.newEvent(req, received, sigv4.Identity{}, lambda.InvokeOptions{}, testNow)
		if err != nil {
			t.Fatal(err)
		}
		raw := contentOf(t, document)
		var got events.LambdaFunctionURLRequest
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		back := []byte(got.Body)
		if got.IsBase64Encoded {
			if back, err = base64.StdEncoding.DecodeString(got.Body); err != nil {
				t.Fatal(err)
			}
		}
		if string(back) != string(body) {
			t.Errorf("body %q came back as %q", body, back)
		}
		if got.RawQueryString != req.URL.RawQuery || got.RawPath != req.URL.EscapedPath() || utf8.ValidString(req.URL.Path) && got.RequestContext.HTTP.Path != req.URL.Path {
			t.Errorf("URL %s came back as %s ? %s (%s)", req.URL, got.RawPath, got.RawQueryString, got.RequestContext.HTTP.Path)
		}
		if changed := key == "Authorization" || key == "Expect" || key == "Content-Length" || headers.HopByHop(key) || strings.HasPrefix(key, "X-Forwarded-") || key == "X-Amzn-Trace-Id" || key == "Host"; !changed {
			if got.Headers[strings.ToLower(key)] != value {
				t.Errorf("header %s: %q came back as %q", key, value, got.Headers[strings.ToLower(key)])
			}
		}
	})
}

var testNow = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
