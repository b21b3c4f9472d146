package sigv4

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// signOver signs req with testRole over a list of headers, in the order of the
// list, as a client that makes mistakes would.
func signOver(req *http.Request, bodyHash string, names ...string) {
	req.Header.Set("X-Amz-Date", testTime.Format(timeFormat))
	if req.Header["X-Amz-Security-Token"] == nil {
		req.Header.Set("X-Amz-Security-Token", testRole.Credentials.SessionToken)
	}
	scope := testTime.Format(dayFormat) + "/eu-west-1/lambda/" + terminator
	canonical := canonicalRequest(req, canonicalPath(req.URL.EscapedPath(), "lambda"), canonicalQuery(req.URL.RawQuery), names, bodyHash)
	req.Header.Set("Authorization", algorithm+" Credential="+testRole.Credentials.AccessKeyID+"/"+scope+
		", SignedHeaders="+strings.Join(names, ";")+", Signature="+signature(stringToSign(canonical, testTime, scope), testRole.Credentials.SecretAccessKey, scope))
}

// verifyTampered verifies a request with the body "body", and returns the code of
// the rejection.
func verifyTampered(t *testing.T, req *http.Request) string {
	t.Helper()
	_, err := testVerifier().Verify(req, hashOf("body"), "lambda", "eu-west-1")
	if err == nil {
		return ""
	}
	rejected := new(Error)
	if !errors.As(err, &rejected) {
		t.Fatalf("got %v, want an *Error", err)
	}
	return rejected.Code
}

func TestVerifier_compares_every_character_of_the_signature(t *testing.T) {
	const length = 64
	signed := func() (*http.Request, string) {
		req := newRequest(t, http.MethodPost, "https://h/", "body")
		signOver(req, hashOf("body"), "host", "x-amz-date", "x-amz-security-token")
		_, signature, _ := strings.Cut(req.Header.Get("Authorization"), "Signature=")
		if len(signature) != length {
			t.Fatalf("the signature %q has %d characters, want %d", signature, len(signature), length)
		}
		return req, signature
	}
	if req, _ := signed(); verifyTampered(t, req) != "" {
		t.Fatal("the unchanged signature was rejected")
	}
	changes := map[string]func(string) string{
		"half of it":    func(s string) string { return s[:length/2] },
		"one too few":   func(s string) string { return s[:length-1] },
		"one too many":  func(s string) string { return s + "0" },
		"twice":         func(s string) string { return s + s },
		"in upper case": strings.ToUpper,
	}
	for i := range length {
		changes[fmt.Sprint("changed at ", i)] = func(s string) string {
			other := "0"
			if s[i] == '0' {
				other = "1"
			}
			return s[:i] + other + s[i+1:]
		}
	}
	for name, change := range changes {
		req, signature := signed()
		req.Header.Set("Authorization", strings.TrimSuffix(req.Header.Get("Authorization"), signature)+change(signature))
		if got := verifyTampered(t, req); got != InvalidSignature {
			t.Errorf("%s: got %q, want %s", name, got, InvalidSignature)
		}
	}
}

func TestVerifier_rejects_several_hashes(t *testing.T) {
	right, wrong := hashOf("body"), hashOf("another")
	for name, hashes := range map[string][]string{
		"right and wrong": {right, wrong}, "wrong and right": {wrong, right}, "right twice": {right, right},
		"joined": {right + "," + wrong}, "right and unsigned": {right, UnsignedPayload},
	} {
		req := newRequest(t, http.MethodPost, "https://h/", "body")
		req.Header["X-Amz-Content-Sha256"] = hashes
		signOver(req, right, "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")
		if got := verifyTampered(t, req); got != InvalidSignature {
			t.Errorf("%s: got %q, want %s", name, got, InvalidSignature)
		}
	}
}

func TestVerifier_rejects_a_wrong_list_of_signed_headers(t *testing.T) {
	for name, names := range map[string][]string{
		"not sorted":         {"x-amz-date", "host", "x-amz-meta", "x-amz-security-token"},
		"twice the same":     {"host", "host", "x-amz-date", "x-amz-meta", "x-amz-security-token"},
		"in upper case":      {"Host", "host", "x-amz-date", "x-amz-meta", "x-amz-security-token"},
		"without host":       {"x-amz-date", "x-amz-meta", "x-amz-security-token"},
		"without x-amz-date": {"host", "x-amz-meta", "x-amz-security-token"},
		"without x-amz-meta": {"host", "x-amz-date", "x-amz-security-token"},
		"without the token":  {"host", "x-amz-date", "x-amz-meta"},
		"with an empty name": {"", "host", "x-amz-date", "x-amz-meta"},
	} {
		req := newRequest(t, http.MethodPost, "https://h/", "body")
		req.Header.Set("X-Amz-Meta", "v")
		signOver(req, hashOf("body"), names...)
		if got := verifyTampered(t, req); got != InvalidSignature {
			t.Errorf("%s: got %q, want %s", name, got, InvalidSignature)
		}
	}
}

func TestVerifier_compares_the_list_of_signed_headers(t *testing.T) {
	const list = "accept;host;x-amz-date;x-amz-security-token"
	for _, changed := range []string{"host;x-amz-date;x-amz-security-token", "accept;date;host;x-amz-date;x-amz-security-token"} {
		req := newRequest(t, http.MethodPost, "https://h/", "body")
		req.Header.Set("Accept", "text/plain")
		signOver(req, hashOf("body"), strings.Split(list, ";")...)
		if got := verifyTampered(t, req); got != "" {
			t.Fatalf("the unchanged list was rejected: %s", got)
		}
		req.Header.Set("Authorization", strings.Replace(req.Header.Get("Authorization"), list, changed, 1))
		if got := verifyTampered(t, req); got != InvalidSignature {
			t.Errorf("%s: got %q, want %s", changed, got, InvalidSignature)
		}
	}
}

func TestVerifier_rejects_a_second_token(t *testing.T) {
	token := testRole.Credentials.SessionToken
	for name, tokens := range map[string][]string{
		"another behind": {token, "stolen"}, "another in front": {"stolen", token}, "the same": {token, token}, "joined": {token + "," + token},
	} {
		req := newRequest(t, http.MethodPost, "https://h/", "body")
		req.Header["X-Amz-Security-Token"] = tokens
		signOver(req, hashOf("body"), "host", "x-amz-date", "x-amz-security-token")
		if got := verifyTampered(t, req); got != UnrecognizedClient {
			t.Errorf("%s: got %q, want %s", name, got, UnrecognizedClient)
		}
	}
}
