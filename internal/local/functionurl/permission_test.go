package functionurl

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

const ok = `{"statusCode":200}` + nuls + "ran"

func TestURL_permits_a_principal_of_its_account_without_a_statement(t *testing.T) {
	u, log := newURL(t, streams(ok), func(c *Config) { c.Policies = nil })
	resp, body := roundTrip(t, u, signed(t, admin, newRequest(t, http.MethodPost, "/", "x"), "x"))
	if resp.StatusCode != 200 || body != "ran" {
		t.Errorf("got %d %q, log %s", resp.StatusCode, body, log)
	}
}

// The handler must not run, the response must be AWS's, and the log must name
// the statement that is missing.
func TestURL_rejects_CloudFront_without_both_statements(t *testing.T) {
	const first, second = "lambda:InvokeFunctionUrl", "lambda:InvokeFunction"
	instead := func(i int, other *iam.Policy) []*iam.Policy {
		all := slices.Clone(bothPermissions)
		all[i] = other
		return all
	}
	account := map[string]any{"StringEquals": map[string]any{"AWS:SourceAccount": "999999999999"}}
	tests := []struct {
		name        string
		permissions []*iam.Policy
		action      string
		says        string
	}{
		{"none", nil, first, "SourceArn: " + edge.SourceARN},
		{"only the first", bothPermissions[:1], second, "InvokedViaFunctionUrl: true"},
		{"only the second", bothPermissions[1:], first, "FunctionUrlAuthType: AWS_IAM"},
		{"another distribution", instead(0, permission(edge.Service, first, conditions(edge.SourceARN+"2", "Null", "aws:Referer", true))), first,
			"(App/Permit: Condition ArnLike AWS:SourceArn " + edge.SourceARN + "2 doesn't hold, it is " + edge.SourceARN + ")"},
		{"another account", instead(1, permission(edge.Service, second, account)), second, "AWS:SourceAccount 999999999999 doesn't hold"},
		{"another principal", instead(0, permission("events.amazonaws.com", first, nil)), first, "Principal is events.amazonaws.com"},
		{"another auth type", instead(0, permission(edge.Service, first, conditions(edge.SourceARN, "StringEquals", "lambda:FunctionUrlAuthType", AuthTypeNone))), first,
			"lambda:FunctionUrlAuthType NONE doesn't hold, it is AWS_IAM"},
		{"not through the URL", instead(1, permission(edge.Service, second, conditions(edge.SourceARN, "Bool", "lambda:InvokedViaFunctionUrl", false))), second,
			"lambda:InvokedViaFunctionUrl false doesn't hold, it is true"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, log := newURL(t, mustNotRun(t), func(c *Config) { c.Policies = test.permissions })
			denial := u.Denial(edge)
			if denial == nil || !strings.Contains(denial.Error()+denial.Hint, test.says) {
				t.Errorf("before the request: got %v, want %q", denial, test.says)
			}
			resp, body := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), ""))
			assertForbidden(t, resp, body)
			if line := log.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, test.says) || !strings.Contains(line, "Action: "+test.action+",") {
				t.Errorf("log: %s", line)
			}
		})
	}
}

func TestURL_accepts_statements_that_say_less(t *testing.T) {
	for name, permissions := range map[string][]*iam.Policy{
		"no conditions":   {permission(edge.Service, "lambda:InvokeFunctionUrl", nil), permission(edge.Service, "lambda:InvokeFunction", nil)},
		"all actions":     {permission(edge.Service, "lambda:*", nil)},
		"anyone":          {permission("*", "*", nil)},
		"wildcard source": {permission(edge.Service, "lambda:*", conditions("arn:aws:cloudfront::111122223333:distribution/*", "StringEquals", "aws:SourceAccount", "111122223333"))},
	} {
		u, log := newURL(t, streams(ok), func(c *Config) { c.Policies = permissions })
		if denial := u.Denial(edge); denial != nil {
			t.Errorf("%s, before the request: %v", name, denial)
		}
		if resp, _ := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/", ""), "")); resp.StatusCode != 200 {
			t.Errorf("%s: %d, log %s", name, resp.StatusCode, log)
		}
	}
}

func TestURL_rejects_unsigned_request(t *testing.T) {
	for _, authorization := range []string{"", "Bearer abc"} {
		u, log := newURL(t, mustNotRun(t), nil)
		req := newRequest(t, http.MethodGet, "/", "")
		if authorization != "" {
			req.Header.Set("Authorization", authorization)
		}
		ex := new(trace.Trace)
		resp, body := roundTrip(t, u, req.WithContext(trace.NewContext(req.Context(), ex)))
		assertForbidden(t, resp, body)
		if !strings.Contains(log.String(), "no AWS4-HMAC-SHA256 signature") || ex.Summary().Cause == "" {
			t.Errorf("log: %s", log)
		}
	}
}

func TestURL_rejects_body_that_is_not_the_signed_one(t *testing.T) {
	tests := map[string]struct {
		sent, signedAs string
		header         bool
		log            string
	}{
		"wrong hash":        {"sent", "signed", true, "but the body that arrived hashes to"},
		"no hash at all":    {"sent", "", false, "the request has no x-amz-content-sha256"},
		"hash, and no body": {"", "signed", true, "but the body that arrived hashes to"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			u, log := newURL(t, mustNotRun(t), nil)
			req := newRequest(t, http.MethodPost, "/", test.sent)
			if test.header {
				req.Header.Set("X-Amz-Content-Sha256", sigv4.HashOf(strings.NewReader(test.signedAs)))
			}
			sigv4.Sign(req, sigv4.HashOf(strings.NewReader(test.signedAs)), edge.Credentials, "lambda", "eu-west-1", time.Now())
			resp, body := roundTrip(t, u, req)
			var answer struct{ Message string }
			if err := json.Unmarshal([]byte(body), &answer); err != nil || !strings.HasPrefix(body, `{"message":"The request signature we calculated does not match`) {
				t.Errorf("body %q, %v", body, err)
			}
			if resp.StatusCode != 403 || resp.Header.Get("x-amzn-errortype") != "InvalidSignatureException" || !strings.Contains(log.String(), test.log) {
				t.Errorf("got %d %v, log %s", resp.StatusCode, resp.Header, log)
			}
		})
	}
}

func TestURL_with_NONE_needs_public_statements(t *testing.T) {
	public := []*iam.Policy{
		permission("*", "lambda:InvokeFunctionUrl", map[string]any{"StringEquals": map[string]any{"lambda:FunctionUrlAuthType": AuthTypeNone}}),
		permission("*", "lambda:InvokeFunction", map[string]any{"Bool": map[string]any{"lambda:InvokedViaFunctionUrl": true}}),
	}
	for count, want := range map[int]int{0: 403, 1: 403, 2: 200} {
		u, _ := newURL(t, streams(ok), func(c *Config) { c.AuthType, c.Verifier, c.Policies = AuthTypeNone, nil, public[:count] })
		resp, body := roundTrip(t, u, newRequest(t, http.MethodPost, "/", "not hashed"))
		if resp.StatusCode != want {
			t.Errorf("%d statements: got %d", count, resp.StatusCode)
		}
		if want == 403 {
			assertForbidden(t, resp, body)
		}
	}
}

func TestURL_requires_statements_for_principals_of_other_accounts(t *testing.T) {
	other := sigv4.Identity{Account: "999999999999", ARN: "arn:aws:iam::999999999999:role/r", Credentials: sigv4.Credentials{AccessKeyID: "AKIAOTHER", SecretAccessKey: "x"}}
	for principal, want := range map[string]int{"": 403, "888888888888": 403, other.Account: 200, other.ARN: 200, "arn:aws:iam::999999999999:root": 200} {
		u, _ := newURL(t, streams(ok), func(c *Config) {
			c.Policies = []*iam.Policy{permission(principal, "lambda:*", nil)}
			c.Verifier = &sigv4.Verifier{Lookup: func(string) (sigv4.Identity, bool) { return other, true }}
		})
		if resp, _ := roundTrip(t, u, signed(t, other, newRequest(t, http.MethodGet, "/", ""), "")); resp.StatusCode != want {
			t.Errorf("principal %q: got %d, want %d", principal, resp.StatusCode, want)
		}
	}
}

func TestURL_warns_once_of_paths_that_fail_on_AWS(t *testing.T) {
	u, log := newURL(t, streams(ok), nil)
	for range 3 {
		if resp, _ := roundTrip(t, u, signed(t, edge, newRequest(t, http.MethodGet, "/a%20b", ""), "")); resp.StatusCode != 200 {
			t.Fatalf("got %d", resp.StatusCode)
		}
	}
	if strings.Count(log.String(), "AWS may reject a path") != 1 {
		t.Errorf("log: %s", log)
	}
}

// mustNotRun fails the test if it is invoked.
func mustNotRun(t *testing.T) invoke {
	return func(context.Context, []byte, lambda.InvokeOptions) (*lambda.Response, error) {
		t.Error("the function was invoked")
		return nil, errors.New("invoked")
	}
}

func assertForbidden(t *testing.T, resp *http.Response, body string) {
	t.Helper()
	const want = `{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}`
	if resp.StatusCode != 403 || body != want || resp.Header.Get("x-amzn-errortype") != "AccessDeniedException" ||
		resp.Header.Get("Content-Type") != "application/json" || resp.Header.Get("X-Amzn-Requestid") == "" || resp.ContentLength != int64(len(want)) {
		t.Errorf("got %d, length %d, %v\n%s", resp.StatusCode, resp.ContentLength, resp.Header, body)
	}
}

func TestURL_rejects_a_Host_that_is_not_its_own(t *testing.T) {
	u, log := newURL(t, buffers(`"ok"`), func(c *Config) { c.InvokeMode = InvokeModeBuffered })
	for host, want := range map[string]int{"": 200, "ABCDEF.lambda-url.eu-west-1.on.aws": 200, "www.example.com": 403} {
		req := newRequest(t, http.MethodGet, "/", "")
		req.Host = host
		resp, body := roundTrip(t, u, signed(t, edge, req, ""))
		if resp.StatusCode != want || resp.Header.Get("X-Amzn-Requestid") == "" {
			t.Errorf("%q: got %d %s", host, resp.StatusCode, body)
		}
	}
	if !strings.Contains(log.String(), `cause="Host is www.example.com, and Lambda accepts abcdef.lambda-url.eu-west-1.on.aws only"`) || !strings.Contains(log.String(), "AllViewerExceptHostHeader") {
		t.Errorf("the log says %s", log)
	}
}
