package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

var (
	testTime = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	testKey  = Identity{Account: "111122223333", Credentials: Credentials{AccessKeyID: "AKIALOCALEXAMPLE", SecretAccessKey: "secret/+key"}}
	testRole = Identity{Service: "cloudfront.amazonaws.com", Credentials: Credentials{AccessKeyID: "ASIALOCALEXAMPLE", SecretAccessKey: "other", SessionToken: "token=="}}
)

func testVerifier() *Verifier {
	return &Verifier{
		Now: func() time.Time { return testTime },
		Lookup: func(id string) (Identity, bool) {
			for _, i := range []Identity{testKey, testRole} {
				if i.Credentials.AccessKeyID == id {
					return i, true
				}
			}
			return Identity{}, false
		},
	}
}

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

func newRequest(t *testing.T, method, target, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestVerifier_accepts_what_Sign_signed(t *testing.T) {
	targets := []string{
		"https://id.lambda-url.eu-west-1.on.aws", "https://id.lambda-url.eu-west-1.on.aws/",
		"https://h/a%20b/c+d", "https://h/a%2Fb//c/../d/", "https://h/%E2%82%AC", "https://h/a:b@c;d=e,f!$&'()*",
		"https://h/?b=2&a=1&a=0&c", "https://h/?q=a+b&q=%2B&empty=&=nokey", "https://h/?a;b=c;d&bad=%zz&more=1", "https://h/?filter[a]=1&filterB=2",
	}
	for _, target := range targets {
		for _, who := range []Identity{testKey, testRole} {
			req := newRequest(t, http.MethodPost, target, "body")
			req.Header["X-Amz-Meta"] = []string{"  many   spaces  ", "twice"}
			req.Header.Set("X-Amz-Content-Sha256", hashOf("body"))
			Sign(req, hashOf("body"), who.Credentials, "lambda", "eu-west-1", testTime)
			got, err := testVerifier().Verify(req, hashOf("body"), "lambda", "eu-west-1")
			if err != nil {
				t.Errorf("%s: %v", target, err)
			}
			if got != who {
				t.Errorf("%s: identity %+v, want %+v", target, got, who)
			}
		}
	}
}

func TestVerifier_rejects_in_the_words_of_AWS(t *testing.T) {
	const day, clock = "20261121", "20261121T100000Z"
	scope := "AKIALOCALEXAMPLE/" + day + "/eu-west-1/lambda/aws4_request"
	header := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", value) }
	}
	tests := []struct {
		name   string
		change func(*http.Request)
		body   string
		code   string
		want   string
	}{
		{"unsigned", func(r *http.Request) { r.Header.Del("Authorization") }, "", MissingAuthenticationToken, "Missing Authentication Token"},
		{"bearer token", header("Bearer abc"), "", MissingAuthenticationToken, "Missing Authentication Token"},
		{"two headers", func(r *http.Request) { r.Header.Add("Authorization", "x") }, "", IncompleteSignature, "2 Authorization headers"},
		{"nothing", header("AWS4-HMAC-SHA256 SignedHeaders=host"), "", IncompleteSignature, "requires 'Credential' parameter."},
		{"no signature", header("AWS4-HMAC-SHA256 Credential=" + scope + ", SignedHeaders=host"), "", IncompleteSignature, "requires 'Signature' parameter."},
		{"short scope", header("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=x"), "", IncompleteSignature, "5 slash-delimited elements"},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, "", IncompleteSignature, "'X-Amz-Date' or a 'Date' header"},
		{"bad date", func(r *http.Request) { r.Header.Set("X-Amz-Date", "today") }, "", IncompleteSignature, "ISO-8601 'basic format'. Got 'today'"},
		{"unknown key", header("AWS4-HMAC-SHA256 Credential=AKIAOTHER/" + day + "/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=x"), "", UnrecognizedClient, "The security token included in the request is invalid."},
		{"region", resign("us-east-1", "lambda", testTime), "", InvalidSignature, "Credential should be scoped to a valid region, not 'us-east-1'."},
		{"service", resign("eu-west-1", "s3", testTime), "", InvalidSignature, "Credential should be scoped to correct service: 'lambda'."},
		{"terminator", header("AWS4-HMAC-SHA256 Credential=AKIALOCALEXAMPLE/" + day + "/eu-west-1/lambda/aws5, SignedHeaders=host, Signature=x"), "", InvalidSignature, "valid terminator: 'aws4_request'"},
		{"day", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261120T100000Z") }, "", InvalidSignature, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261120'"},
		{"expired", resign("eu-west-1", "lambda", testTime.Add(-maxClockSkew-time.Second)), "", InvalidSignature, "Signature expired: 20261121T095459Z is now earlier than 20261121T095500Z (" + clock + " - 5 min.)"},
		{"future", resign("eu-west-1", "lambda", testTime.Add(maxClockSkew+time.Second)), "", InvalidSignature, "Signature not yet current: 20261121T100501Z is still later than 20261121T100500Z"},
		{"token", func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "stolen") }, "", UnrecognizedClient, "The security token"},
		{"host not signed", header("AWS4-HMAC-SHA256 Credential=" + scope + ", SignedHeaders=x-amz-date, Signature=x"), "", InvalidSignature, "'Host' or ':authority' must be a 'SignedHeader'"},
		{"late x-amz header", func(r *http.Request) { r.Header.Set("X-Amz-Late", "1") }, "", InvalidSignature, messageMismatch},
		{"absent signed header", func(r *http.Request) { r.Header.Del("X-Amz-Meta") }, "", InvalidSignature, messageMismatch},
		{"unsigned payload", func(r *http.Request) {
			r.Header.Set("X-Amz-Content-Sha256", UnsignedPayload)
			resign("eu-west-1", "lambda", testTime)(r)
		}, "", InvalidSignature, messageMismatch},
		{"declared hash of another body", func(r *http.Request) {
			r.Header.Set("X-Amz-Content-Sha256", hashOf("other"))
			resign("eu-west-1", "lambda", testTime)(r)
		}, "", InvalidSignature, messageMismatch},
		{"body changed", func(*http.Request) {}, "changed", InvalidSignature, messageMismatch},
		{"host changed", func(r *http.Request) { r.Host = "elsewhere" }, "", InvalidSignature, messageMismatch},
		{"path changed", func(r *http.Request) { r.URL.Path = "/other" }, "", InvalidSignature, messageMismatch},
		{"query changed", func(r *http.Request) { r.URL.RawQuery = "a=1&b=3" }, "", InvalidSignature, messageMismatch},
		{"undecodable parameter added", func(r *http.Request) { r.URL.RawQuery += "&x=%zz" }, "", InvalidSignature, messageMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := newRequest(t, http.MethodPut, "https://h/path?a=1&b=2", "")
			req.Header.Set("X-Amz-Meta", "v")
			resign("eu-west-1", "lambda", testTime)(req)
			test.change(req)
			_, err := testVerifier().Verify(req, hashOf(test.body), "lambda", "eu-west-1")
			var rejected *Error
			if !errors.As(err, &rejected) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if rejected.Code != test.code || !strings.Contains(rejected.Message, test.want) {
				t.Errorf("got %s: %s\nwant %s: %s", rejected.Code, rejected.Message, test.code, test.want)
			}
			if rejected.Hint == "" || strings.Contains(err.Error(), testKey.Credentials.SecretAccessKey) {
				t.Errorf("no hint, or the secret in the error: %#v", rejected)
			}
		})
	}
}

func resign(region, service string, at time.Time) func(*http.Request) {
	return func(r *http.Request) {
		Sign(r, EmptyPayloadHash, testKey.Credentials, service, region, at)
	}
}

func TestVerifier_requires_the_token_of_a_temporary_key(t *testing.T) {
	req := newRequest(t, http.MethodGet, "https://h/", "")
	creds := testRole.Credentials
	creds.SessionToken = ""
	Sign(req, EmptyPayloadHash, creds, "lambda", "eu-west-1", testTime)
	_, err := testVerifier().Verify(req, EmptyPayloadHash, "lambda", "eu-west-1")
	if rejected := new(Error); !errors.As(err, &rejected) || rejected.Code != UnrecognizedClient {
		t.Errorf("got %v, want %s", err, UnrecognizedClient)
	}
}

func TestVerifier_accepts_clock_skew_up_to_five_minutes(t *testing.T) {
	for _, skew := range []time.Duration{-maxClockSkew, maxClockSkew} {
		req := newRequest(t, http.MethodGet, "https://h/", "")
		resign("eu-west-1", "lambda", testTime.Add(skew))(req)
		if _, err := testVerifier().Verify(req, EmptyPayloadHash, "lambda", "eu-west-1"); err != nil {
			t.Errorf("%v: %v", skew, err)
		}
	}
}

func TestVerifier_lets_CloudFront_add_its_id_after_signing(t *testing.T) {
	req := newRequest(t, http.MethodGet, "https://h/", "")
	resign("eu-west-1", "lambda", testTime)(req)
	req.Header.Set("X-Amz-Cf-Id", "id")
	if _, err := testVerifier().Verify(req, EmptyPayloadHash, "lambda", "eu-west-1"); err != nil {
		t.Error(err)
	}
}

func BenchmarkVerify(b *testing.B) {
	req, _ := http.NewRequest(http.MethodPost, "https://id.lambda-url.eu-west-1.on.aws/path?a=1&b=2", nil)
	req.Header.Set("X-Amz-Content-Sha256", EmptyPayloadHash)
	resign("eu-west-1", "lambda", testTime)(req)
	v := testVerifier()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(req, EmptyPayloadHash, "lambda", "eu-west-1"); err != nil {
			b.Fatal(err)
		}
	}
}
