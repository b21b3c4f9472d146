package streamhttp

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// restEvent is modeled on an event that AWS sent (LocalStack's recorded
// test_lambda_aws_proxy_integration), for a stage behind CloudFront.
const restEvent = `{
	"resource": "/{proxy+}", "path": "/user/test%2Balias@example.com/", "httpMethod": "POST",
	"headers": {"Accept": "text/html", "Cookie": "b=2", "Host": "abc123.execute-api.eu-west-1.amazonaws.com", "X-Many": "2"},
	"multiValueHeaders": {"Accept": ["text/html"], "Authorization": ["Bearer own"], "Cookie": ["a=1", "b=2"], "Host": ["abc123.execute-api.eu-west-1.amazonaws.com"],
		"X-Many": ["1", "2"], "X-Original-Host": ["www.example.com"], "X_Original_Host": ["evil.example"]},
	"queryStringParameters": {"a": "2", "enc": "+ &"}, "multiValueQueryStringParameters": {"enc": ["+ &"], "a": ["1", "2"]},
	"pathParameters": {"proxy": "user/test%2Balias@example.com"}, "stageVariables": null,
	"requestContext": {
		"accountId": "111122223333", "apiId": "abc123", "domainName": "abc123.execute-api.eu-west-1.amazonaws.com", "domainPrefix": "abc123",
		"stage": "prod", "resourcePath": "/{proxy+}", "httpMethod": "POST", "path": "/prod/user/test%2Balias@example.com/", "protocol": "HTTP/1.1",
		"requestId": "request-1", "requestTimeEpoch": 1796000000000, "authorizer": {"claims": {"sub": "1"}},
		"identity": {"sourceIp": "192.0.2.9", "userAgent": "test", "accountId": "111122223333", "accessKey": "AKIALOCALEXAMPLE", "caller": "AIDA",
			"user": "AIDA", "userArn": "arn:aws:iam::111122223333:user/local", "apiKey": null}
	},
	"body": "aGk=", "isBase64Encoded": true
}`

func TestInvoked_takes_the_event_of_a_REST_API(t *testing.T) {
	var i invocation
	if err := json.Unmarshal([]byte(restEvent), &i); err != nil {
		t.Fatal(err)
	}
	response, err := invoked(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		event, _ := RequestFromContext(r.Context())
		for name, got := range map[string][2]string{
			"method":        {r.Method, "POST"},
			"path":          {r.URL.EscapedPath(), "/user/test%2Balias@example.com/"},
			"query":         {r.URL.RawQuery, "a=1&a=2&enc=%2B+%26"},
			"host":          {r.Host, "www.example.com"},
			"authorization": {r.Header.Get("Authorization"), "Bearer own"},
			"cookies":       {r.Header.Get("Cookie"), "a=1; b=2"},
			"repeated":      {r.Header.Get("X-Many"), "1,2"},
			"imitation":     {r.Header.Get("X_original_host"), ""},
			"address":       {r.RemoteAddr, "192.0.2.9:0"},
			"body":          {string(body), "hi"},
			"caller":        {event.RequestContext.Authorizer.IAM.UserARN, "arn:aws:iam::111122223333:user/local"},
			"id":            {event.RequestContext.RequestID, "request-1"},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: got %q, want %q", name, got[0], got[1])
			}
		}
		w.WriteHeader(http.StatusAccepted)
	}))(context.Background(), &i)
	if err != nil || response.StatusCode != http.StatusAccepted {
		t.Errorf("got %+v (%v), want the handler's response", response, err)
	}
}

func TestInvoked_rejects_other_events(t *testing.T) {
	for _, event := range []string{`{"Records": []}`, `{"version": "1.0", "httpMethod": "GET"}`, `null`} {
		var i *invocation
		if err := json.Unmarshal([]byte(event), &i); err != nil {
			t.Fatal(err)
		}
		if _, err := invoked(nil)(context.Background(), i); err == nil {
			t.Errorf("%s: got no error, want an InvalidEventError", event)
		}
	}
}
