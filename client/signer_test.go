package client

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const functionHost = "abcdefghij.lambda-url.eu-west-1.on.aws"

var testCredentials = Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}

func testSigner(base http.RoundTripper) *Signer {
	at := time.Date(2026, 11, 28, 13, 0, 0, 0, time.FixedZone("CET", 3600))
	return &Signer{Credentials: testCredentials, Base: base, Now: func() time.Time { return at }}
}

// The signatures are those of botocore 1.44.8 (auth.SigV4Auth) for the same
// requests.
func TestSigner_signs_as_botocore_does(t *testing.T) {
	temporary := testCredentials
	temporary.SessionToken = "token/+="
	for name, test := range map[string]struct {
		credentials            Credentials
		method, path, body     string
		headers, signature     string
		token, hash, wantQuery string
	}{
		"a POST with a query": {
			testCredentials, "POST", "/a%20b?x=1&b=%2F&a", "hello",
			"host;x-amz-content-sha256;x-amz-date", "8ec0844b00c15ff41b28b7dfd8a01d4ff6220df26b9cef5cfd83a76b9df60135",
			"", hashOf("hello"), "x=1&b=%2F&a",
		},
		"a GET with a token": {
			temporary, "GET", "/", "",
			"host;x-amz-content-sha256;x-amz-date;x-amz-security-token", "223bf86986f7dd8441d848c94d7a06da46fe2b3adf5d854ad3b5c6ccbda34efc",
			"token/+=", hashOf(""), "",
		},
		"a GET with spaces in the query": {
			testCredentials, "GET", "/?q=a+b%20c&p=1%2B1", "",
			"host;x-amz-content-sha256;x-amz-date", "ca59396343c87f234bab63f40f39702eb5e66f9415844f4263feb9bb904ae1d0",
			"", hashOf(""), "q=a%20b%20c&p=1%2B1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sent recorder
			signer := testSigner(&sent)
			signer.Credentials = test.credentials
			request := newRequest(t, test.method, "https://"+functionHost+test.path, strings.NewReader(test.body))
			if _, err := signer.RoundTrip(request); err != nil {
				t.Fatal(err)
			}
			want := "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261128/eu-west-1/lambda/aws4_request, SignedHeaders=" +
				test.headers + ", Signature=" + test.signature
			got := sent.requests[0]
			if got.Header.Get("Authorization") != want {
				t.Errorf("got %s\nwant %s", got.Header.Get("Authorization"), want)
			}
			if got.Header.Get("X-Amz-Date") != "20261128T120000Z" || got.Header.Get("X-Amz-Security-Token") != test.token || got.Header.Get(HeaderContentSHA256) != test.hash {
				t.Errorf("got headers %v", got.Header)
			}
			if got.URL.RawQuery != test.wantQuery || sent.bodies[0] != test.body {
				t.Errorf("got the query %q and the body %q, want %q and %q", got.URL.RawQuery, sent.bodies[0], test.wantQuery, test.body)
			}
			if len(request.Header) > 0 || request.URL.RequestURI() != test.path {
				t.Errorf("the caller's request was modified: %s %v", request.URL, request.Header)
			}
		})
	}
}

func TestSigner_uses_a_hash_that_the_request_has(t *testing.T) {
	var sent recorder
	request := newRequest(t, "POST", "https://"+functionHost, nil)
	body := &tracked{Reader: strings.NewReader("hello")}
	request.Body = body
	request.Header.Set(HeaderContentSHA256, strings.ToUpper(hashOf("hello")))
	if _, err := testSigner(&sent).RoundTrip(request); err != nil {
		t.Fatal(err)
	}
	if got := sent.requests[0]; got.Body != body || got.Header.Get(HeaderContentSHA256) != hashOf("hello") || sent.bodies[0] != "hello" {
		t.Errorf("got the body %q and the hash %s, want the caller's", sent.bodies[0], got.Header.Get(HeaderContentSHA256))
	}
}

func TestSigner_replaces_a_hash_that_Lambda_rejects(t *testing.T) {
	var sent recorder
	request := newRequest(t, "POST", "https://"+functionHost, strings.NewReader("hello"))
	request.Header.Set(HeaderContentSHA256, "UNSIGNED-PAYLOAD")
	if _, err := testSigner(&sent).RoundTrip(request); err != nil {
		t.Fatal(err)
	}
	if got := sent.requests[0].Header.Get(HeaderContentSHA256); got != hashOf("hello") {
		t.Errorf("got %s, want the hash of the body", got)
	}
}

func TestSigner_moves_the_callers_Authorization(t *testing.T) {
	var sent recorder
	request := newRequest(t, "GET", "https://"+functionHost, nil)
	request.Header.Set("Authorization", "Bearer secret")
	if _, err := testSigner(&sent).RoundTrip(request); err != nil {
		t.Fatal(err)
	}
	if got := sent.requests[0].Header; got.Get("X-Original-Authorization") != "Bearer secret" || !strings.HasPrefix(got.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		t.Errorf("got headers %v, want the bearer token in X-Original-Authorization", got)
	}
}

func TestSigner_takes_the_region_from_the_host(t *testing.T) {
	for host, want := range map[string]string{
		functionHost:                                   "/eu-west-1/",
		"abc.LAMBDA-URL.us-gov-west-1.on.aws":          "/us-gov-west-1/",
		"abc.lambda-url.us-east-1.localhost:23875":     "/us-east-1/",
		"api.example.com":                              "api.example.com isn't the host name of a function URL, so its Region is unknown: set Region of the Signer",
		"127.0.0.1:23876":                              "set Region of the Signer",
		"lambda-url.us-east-1.on.aws":                  "set Region of the Signer",
		"abc.execute-api.us-east-1.on.aws":             "set Region of the Signer",
		"abc.lambda-url.us-east-1":                     "set Region of the Signer",
		"abcdefghij.other.lambda-url.us-east-1.on.aws": "set Region of the Signer",
	} {
		var sent recorder
		_, err := testSigner(&sent).RoundTrip(newRequest(t, "GET", "https://"+host+"/", nil))
		switch {
		case err != nil:
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", host, err, want)
			}
		case !strings.Contains(sent.requests[0].Header.Get("Authorization"), want):
			t.Errorf("%s: got %s, want %s", host, sent.requests[0].Header.Get("Authorization"), want)
		}
	}
	var sent recorder
	signer := testSigner(&sent)
	signer.Region = "sa-east-1"
	if _, err := signer.RoundTrip(newRequest(t, "GET", "http://127.0.0.1:23876/", nil)); err != nil || !strings.Contains(sent.requests[0].Header.Get("Authorization"), "/sa-east-1/lambda/") {
		t.Errorf("got %v, want a signature for the Region that was given", err)
	}
}

func TestSigner_rejects_what_it_cant_sign_and_closes_the_body(t *testing.T) {
	broken := CredentialsFunc(func(context.Context) (Credentials, error) { return Credentials{}, errors.New("expired") })
	for name, test := range map[string]struct {
		url         string
		credentials CredentialsProvider
		want        string
	}{
		"a semicolon":    {"https://" + functionHost + "/?a=1;b=2", testCredentials, "has a semicolon: write %3B"},
		"a bad query":    {"https://" + functionHost + "/?a=%zz", testCredentials, `invalid URL escape "%zz"`},
		"an opaque URL":  {"https:" + functionHost + "/", testCredentials, "set Path of the URL instead of Opaque"},
		"no credentials": {"https://" + functionHost + "/", nil, "the Signer has no Credentials: set them"},
		"their error":    {"https://" + functionHost + "/", broken, "client: credentials: expired"},
	} {
		t.Run(name, func(t *testing.T) {
			body := &tracked{Reader: strings.NewReader("hello")}
			request := newRequest(t, "POST", test.url, body)
			signer := testSigner(&recorder{})
			signer.Credentials = test.credentials
			if _, err := signer.RoundTrip(request); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if !body.closed {
				t.Error("the body isn't closed")
			}
		})
	}
}

func TestSigner_doesnt_sign_a_redirect_to_another_host(t *testing.T) {
	seen := map[string]http.Header{}
	serve := func(name, location string) *httptest.Server {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen[name+r.URL.Path] = r.Header
			switch {
			case r.URL.Path == "/":
				http.Redirect(w, r, "/same", http.StatusTemporaryRedirect)
			case location != "":
				http.Redirect(w, r, location, http.StatusTemporaryRedirect)
			}
		}))
		t.Cleanup(server.Close)
		return server
	}
	other := serve("other", "")
	function := serve("function", other.URL+"/")

	credentials := testCredentials
	credentials.SessionToken = "secret"
	c := &http.Client{Transport: &Signer{Credentials: credentials, Region: "eu-west-1"}}
	defer c.CloseIdleConnections()
	response, err := c.Post(function.URL+"/", "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	for _, name := range []string{"function/", "function/same"} {
		if seen[name].Get("X-Amz-Security-Token") != "secret" {
			t.Errorf("%s: got headers %v, want the request signed", name, seen[name])
		}
	}
	for _, name := range []string{"other/", "other/same"} {
		if got := seen[name]; got == nil || got.Get("X-Amz-Security-Token") != "" || got.Get("Authorization") != "" {
			t.Errorf("%s: got headers %v, want the request unsigned", name, got)
		}
	}
}

func TestEnvironmentCredentials_reads_the_variables_for_every_request(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_SESSION_TOKEN", "")
	provider := EnvironmentCredentials()
	if _, err := provider.Retrieve(t.Context()); err == nil || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is empty") {
		t.Errorf("got %v, want an error that names the variables", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SESSION_TOKEN", "token")
	if got, err := provider.Retrieve(t.Context()); err != nil || got != (Credentials{"id", "secret", "token"}) {
		t.Errorf("got %v (%v), want those of the environment", got, err)
	}
}
