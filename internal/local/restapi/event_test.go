package restapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

// The event is modeled on one that AWS sent (LocalStack's recording of
// test_lambda_aws_proxy_integration).
func TestEvent_has_the_form_of_payload_1_0(t *testing.T) {
	a := newAPI(t, echo, func(c *restapi.Config) { c.Stages["prod"].Variables = map[string]string{"color": "red"} }, "ANY /{proxy+} IAM KEY")
	req := newRequest(http.MethodPost, "//prod//user/test%2Balias@example.com/?a=1&a=2&plus=x+y&enc=%2B", `{"n":1}`,
		"Content-Type", "application/json", "X-Many", "1", "X-Many", "2", "Cookie", "c=1", "User-Agent", "test", "X-Api-Key", "a-key",
		"X-Forwarded-For", "203.0.113.7", "Connection", "keep-alive", "Expect", "100-continue", "Content-MD5", "x", "Via", "1.1 x")
	req.RemoteAddr = "192.0.2.9:1234"
	event := a.event(t, sign(t, req, `{"n":1}`))
	context := event["requestContext"].(map[string]any)
	for _, made := range []string{"requestId", "extendedRequestId", "requestTime", "requestTimeEpoch"} {
		if context[made] == nil || context[made] == "" {
			t.Errorf("no %s", made)
		}
		delete(context, made)
	}
	for _, name := range []string{"headers", "multiValueHeaders"} {
		headers := event[name].(map[string]any)
		if trace := fmt.Sprint(headers["X-Amzn-Trace-Id"]); !strings.Contains(trace, "Root=1-") {
			t.Errorf("got trace %q", trace)
		}
		for _, signed := range []string{"X-Amzn-Trace-Id", "X-Amz-Date"} {
			delete(headers, signed)
		}
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(`{
		"resource": "/{proxy+}", "path": "/user/test%2Balias@example.com/", "httpMethod": "POST",
		"headers": {"Content-Type": "application/json", "X-Many": "2", "Cookie": "c=1", "User-Agent": "test", "X-Api-Key": "a-key", "Via": "1.1 x",
			"X-Forwarded-For": "203.0.113.7, 192.0.2.9", "X-Forwarded-Port": "23876", "X-Forwarded-Proto": "https", "Host": "127.0.0.1:23876"},
		"multiValueHeaders": {"Content-Type": ["application/json"], "X-Many": ["1", "2"], "Cookie": ["c=1"], "User-Agent": ["test"], "X-Api-Key": ["a-key"], "Via": ["1.1 x"],
			"X-Forwarded-For": ["203.0.113.7, 192.0.2.9"], "X-Forwarded-Port": ["23876"], "X-Forwarded-Proto": ["https"], "Host": ["127.0.0.1:23876"]},
		"queryStringParameters": {"a": "2", "plus": "x y", "enc": "+"},
		"multiValueQueryStringParameters": {"a": ["1", "2"], "plus": ["x y"], "enc": ["+"]},
		"pathParameters": {"proxy": "user/test%2Balias@example.com"}, "stageVariables": {"color": "red"},
		"requestContext": {
			"accountId": "111122223333", "apiId": "abc123", "domainName": "abc123.execute-api.eu-west-1.amazonaws.com", "domainPrefix": "abc123",
			"stage": "prod", "deploymentId": "dep123", "resourceId": "res123", "resourcePath": "/{proxy+}", "httpMethod": "POST",
			"path": "/prod//user/test%2Balias@example.com/", "protocol": "HTTP/1.1",
			"identity": {"cognitoIdentityPoolId": null, "cognitoIdentityId": null, "cognitoAuthenticationType": null, "cognitoAuthenticationProvider": null,
				"principalOrgId": null, "sourceIp": "192.0.2.9", "userAgent": "test", "accountId": "111122223333", "accessKey": "AKIALOCALEXAMPLE",
				"caller": "AIDALOCALEXAMPLE", "user": "AIDALOCALEXAMPLE", "userArn": "arn:aws:iam::111122223333:user/local", "apiKey": "a-key", "apiKeyId": "key123"}
		},
		"body": "{\"n\":1}", "isBase64Encoded": false
	}`), &want); err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !reflect.DeepEqual(event[name], want[name]) {
			t.Errorf("%s:\ngot  %v\nwant %v", name, event[name], want[name])
		}
	}
	if len(event) != len(want) {
		t.Errorf("got %d fields, want %d", len(event), len(want))
	}
}

func TestEvent_has_null_for_what_a_request_lacks(t *testing.T) {
	a := newAPI(t, echo, nil, "GET /jobs")
	event := a.event(t, newRequest(http.MethodGet, "/prod/jobs", "", "Authorization", "Bearer token"))
	for _, name := range []string{"body", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables"} {
		if value, ok := event[name]; !ok || value != nil {
			t.Errorf("%s: got %v", name, value)
		}
	}
	identity := event["requestContext"].(map[string]any)["identity"].(map[string]any)
	if identity["userArn"] != nil || identity["apiKey"] != nil {
		t.Errorf("got %v", identity)
	}
	if got := event["headers"].(map[string]any)["Authorization"]; got != "Bearer token" {
		t.Errorf("got Authorization %v, want the viewer's", got)
	}
}

func TestEvent_has_binary_media_types_in_base64(t *testing.T) {
	for _, test := range []struct {
		types             []string
		contentType, body string
		encoded           bool
		want              string
	}{
		{[]string{"image/png"}, "image/png", "\x89PNG", true, "iVBORw=="},
		{[]string{"image/*"}, "IMAGE/PNG; x=y", "\x89PNG", true, "iVBORw=="},
		{[]string{"*/*"}, "", "text", true, "dGV4dA=="},
		{[]string{"application/json"}, "", "{}", true, "e30="}, // the default type
		{[]string{"image/png"}, "text/plain", "größer", false, "größer"},
		{nil, "image/png", "\x89PNG\xff", false, "\uFFFDPNG\uFFFD"},
	} {
		a := newAPI(t, echo, func(c *restapi.Config) { c.BinaryMediaTypes = test.types }, "POST /")
		req := newRequest(http.MethodPost, "/prod/", test.body)
		if test.contentType != "" {
			req.Header.Set("Content-Type", test.contentType)
		}
		event := a.event(t, req)
		if event["body"] != test.want || event["isBase64Encoded"] != test.encoded {
			t.Errorf("%v, %s: got %q, base64 %v", test.types, test.contentType, event["body"], event["isBase64Encoded"])
		}
		if garbled := strings.Contains(a.log.String(), "a function gets a body with wrong characters"); garbled != strings.Contains(test.want, "\uFFFD") {
			t.Errorf("%s: log %s", test.contentType, a.log)
		}
	}
}

func TestAPI_rejects_bodies_over_the_limits(t *testing.T) {
	a := newAPI(t, echo, func(c *restapi.Config) { c.BinaryMediaTypes = []string{"image/png"} }, "POST /")
	for _, test := range []struct {
		contentType string
		size        int
		message     string // empty if it is let through
	}{
		{"text/plain", 6_000_000, ""},
		{"text/plain", 6_291_456, "Request Too Long"},
		{"image/png", 4_800_000, "Request Too Long"},
		{"text/plain", 10_485_760, "Request Too Long"},
		{"text/plain", 10_485_761, "HTTP content length exceeded 10485760 bytes."},
	} {
		resp := a.send(t, http.MethodPost, "/prod/", strings.Repeat("x", test.size), "Content-Type", test.contentType)
		if (resp.status == http.StatusOK) != (test.message == "") || test.message != "" && (resp.status != http.StatusRequestEntityTooLarge || resp.message() != test.message) {
			t.Errorf("%s of %d bytes: got %d %.80s", test.contentType, test.size, resp.status, resp.body)
		}
	}
}
