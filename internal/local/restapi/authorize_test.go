package restapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func TestAPI_checks_signatures(t *testing.T) {
	a := newAPI(t, echo, nil, "ANY /{proxy+} IAM")
	changed := func(change func(*http.Request)) *http.Request {
		req := sign(t, newRequest(http.MethodPost, "/prod/a%20b?q=1", "body"), "body")
		change(req)
		return req
	}
	for name, test := range map[string]struct {
		req                *http.Request
		status             int
		errorType, message string // how the message begins
	}{
		"signed":   {changed(func(*http.Request) {}), 200, "", ""},
		"unsigned": {changed(func(r *http.Request) { r.Header.Del("Authorization") }), 403, "MissingAuthenticationTokenException", "Missing Authentication Token"},
		"a bearer": {changed(func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }), 403, "IncompleteSignatureException", "'x' not a valid key=value pair"},
		"another key": {changed(func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "AKIALOCAL", "AKIAOTHER", 1))
		}), 403, "UnrecognizedClientException", "The security token included in the request is invalid."},
		"for Lambda": {changed(func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "execute-api", "lambda", 1))
		}), 403, "InvalidSignatureException", "Credential should be scoped to correct service: 'execute-api'."},
		"another query": {changed(func(r *http.Request) { r.URL.RawQuery = "q=2" }), 403, "InvalidSignatureException",
			"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n" +
				"The Canonical String for this request should have been\n'POST\n/prod/a%2520b\nq=2\nhost:127.0.0.1:23876\nx-amz-date:"},
	} {
		resp := a.do(t, test.req)
		if resp.status != test.status || resp.header.Get("X-Amzn-Errortype") != test.errorType || test.message != "" && !strings.HasPrefix(resp.message(), test.message) {
			t.Errorf("%s: got %d %v %s", name, resp.status, resp.header, resp.body)
		}
		if name == "another query" && !strings.Contains(resp.message(), "'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n") {
			t.Errorf("got %s", resp.body)
		}
	}
	event := a.event(t, changed(func(*http.Request) {}))
	if headers := event["headers"].(map[string]any); headers["Authorization"] != nil {
		t.Errorf("the function gets the signature: %v", headers)
	}
}

func TestAPI_checks_keys(t *testing.T) {
	a := newAPI(t, echo, nil, "GET /jobs KEY", "GET /open")
	for _, test := range []struct {
		target, key string
		status      int
	}{{"/prod/jobs", "a-key", 200}, {"/prod/jobs", "other", 403}, {"/prod/jobs", "", 403}, {"/prod/open", "other", 200}} {
		req := newRequest(http.MethodGet, test.target, "")
		if test.key != "" {
			req.Header.Set("X-Api-Key", test.key)
		}
		resp := a.do(t, req)
		if resp.status != test.status || test.status == 403 && (resp.message() != "Forbidden" || resp.header.Get("X-Amzn-Errortype") != "ForbiddenException") {
			t.Errorf("%s with %q: got %d %s", test.target, test.key, resp.status, resp.body)
		}
	}
	a.log.Want(t, "the x-api-key isn't an enabled API key")
	a.log.Want(t, "the request has no x-api-key")
}

// statement returns a statement of a resource policy, for everybody and all methods.
func statement(effect string, condition map[string]any) iam.Statement {
	return iam.Statement{Effect: effect, Action: []string{"execute-api:Invoke"}, Principal: iam.Literal{V: "*"},
		Resource: iam.Literal{V: "arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/GET/*"}, Condition: iam.Literal{V: condition}}
}

func TestAPI_asks_its_policy(t *testing.T) {
	refuse := func(sigv4.Identity, iam.Request) *fault.Error {
		return fault.New("", "the role's policies don't allow it")
	}
	from := func(operator, network string) map[string]any {
		return map[string]any{operator: map[string]any{"aws:SourceIp": network}}
	}
	secret := map[string]any{"StringEquals": map[string]any{"aws:Referer": "secret"}}
	const on = "is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:********3333:abc123/prod/GET/jobs"
	for name, test := range map[string]struct {
		policy  []iam.Statement
		signed  bool
		access  func(sigv4.Identity, iam.Request) *fault.Error
		headers []string
		message string // empty if the caller may call
	}{
		"no policy":                       {},
		"anybody":                         {policy: []iam.Statement{statement("Allow", nil)}},
		"from here":                       {policy: []iam.Statement{statement("Allow", from("IpAddress", "192.0.2.0/24"))}},
		"from elsewhere":                  {policy: []iam.Statement{statement("Allow", from("IpAddress", "10.0.0.0/8"))}, message: "User: anonymous " + on + " because no resource-based policy allows the execute-api:Invoke action"},
		"not from here":                   {policy: []iam.Statement{statement("Allow", nil), statement("Deny", from("NotIpAddress", "10.0.0.0/8"))}, message: "User: anonymous " + on + " with an explicit deny"},
		"with a header":                   {policy: []iam.Statement{statement("Allow", secret)}, headers: []string{"Referer", "secret"}},
		"without the header":              {policy: []iam.Statement{statement("Allow", secret)}, message: "User: anonymous " + on + " because no resource-based policy allows the execute-api:Invoke action"},
		"signed":                          {signed: true},
		"signed, and denied to everybody": {signed: true, policy: []iam.Statement{statement("Deny", nil)}, message: "User: " + admin.ARN + " " + on + " with an explicit deny"},
		"signed by a role":                {signed: true, access: refuse, message: "User: " + admin.ARN + " " + on + " because no identity-based policy allows the execute-api:Invoke action"},
	} {
		routes := "GET /jobs"
		if test.signed {
			routes += " IAM"
		}
		a := newAPI(t, echo, func(c *restapi.Config) {
			if test.policy != nil {
				c.Policy = iam.New("Policy of App/Api", test.policy...)
			}
			if test.access != nil {
				c.Access = test.access
			}
		}, routes)
		req := newRequest(http.MethodGet, "/prod/jobs", "", test.headers...)
		req.RemoteAddr = "192.0.2.9:1234"
		if test.signed {
			sign(t, req, "")
		}
		resp := a.do(t, req)
		if test.message == "" && resp.status != http.StatusOK || test.message != "" && (resp.status != http.StatusForbidden || resp.body != `{"Message":"`+test.message+`"}` || resp.header.Get("X-Amzn-Errortype") != "AccessDeniedException") {
			t.Errorf("%s: got %d %s", name, resp.status, resp.body)
		}
	}
}

func TestAPI_needs_the_permission_of_the_function(t *testing.T) {
	for source, want := range map[string]int{
		"arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/GET/jobs/*": 200,
		"arn:aws:execute-api:eu-west-1:111122223333:abc123/*/*/*":           200,
		"arn:aws:execute-api:eu-west-1:111122223333:other/*":                500,
		"arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/POST/*":     500,
	} {
		a := newAPI(t, echo, func(c *restapi.Config) { c.Stages["prod"].Routes[0].Function.Policies = permission(source) }, "GET /jobs/{job}")
		resp := a.send(t, http.MethodGet, "/prod/jobs/1", "")
		if resp.status != want || want == 500 && (resp.body != `{"message":"Internal server error"}` || resp.header.Get("X-Amzn-Errortype") != "InternalServerErrorException") {
			t.Errorf("%s: got %d %s", source, resp.status, resp.body)
		}
		if (len(a.Unpermitted()) == 0) != (want == 200) {
			t.Errorf("%s: got %v before the first request", source, a.Unpermitted())
		}
		if want == 500 {
			a.log.Want(t, "no AWS::Lambda::Permission allows lambda:InvokeFunction on "+functionARN, "SourceArn: arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/GET/jobs/{job}")
		}
	}
	a := newAPI(t, echo, func(c *restapi.Config) {
		c.Stages["prod"].Routes[0].Function.Policies, c.Stages["prod"].Routes[0].Function.Trusted = nil, true
	}, "GET /jobs")
	if resp := a.send(t, http.MethodGet, "/prod/jobs", ""); resp.status != http.StatusOK {
		t.Errorf("with a role: got %d %s", resp.status, resp.body)
	}
}

func TestAPI_rejects_a_distribution_that_forwards_the_viewers_Host(t *testing.T) {
	a := newAPI(t, echo, nil, "GET /jobs")
	for host, want := range map[string]int{"abc123.execute-api.eu-west-1.amazonaws.com": 200, "d111111abcdef8.cloudfront.net": 403} {
		req := newRequest(http.MethodGet, "/prod/jobs", "")
		req.Host = host
		resp, err := a.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: got %d, want %d", host, resp.StatusCode, want)
		}
	}
	a.log.Want(t, "CloudFront forwards the viewer's Host, d111111abcdef8.cloudfront.net", "use AllViewerExceptHostHeader")
	if denial := a.Denial(sigv4.Identity{}); denial != nil {
		t.Errorf("got %v", denial)
	}
	if denial := newAPI(t, echo, nil, "GET /jobs IAM").Denial(sigv4.Identity{}); denial == nil || !strings.Contains(denial.Problem, "origin access control doesn't sign for API Gateway") {
		t.Errorf("got %v", denial)
	}
}
