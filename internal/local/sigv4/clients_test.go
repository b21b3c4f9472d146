package sigv4

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clientRequests reads what testdata/clients/sign.py, sign.mjs and v4.Signer of
// aws-sdk-go-v2 1.39 signed at testTime, with the keys of testVerifier.
func clientRequests(t *testing.T) map[string]*http.Request {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "clients.json"))
	if err != nil {
		t.Fatal(err)
	}
	var signed []struct {
		Client, Method, URL, Body string
		Header                    map[string]string
	}
	if err := json.Unmarshal(data, &signed); err != nil {
		t.Fatal(err)
	}
	requests := map[string]*http.Request{}
	for _, s := range signed {
		req := newRequest(t, s.Method, s.URL, s.Body)
		for name, value := range s.Header {
			req.Header.Set(name, value)
		}
		requests[s.Client+" "+s.URL] = req
	}
	return requests
}

func TestVerifier_accepts_the_signatures_of_SDKs(t *testing.T) {
	requests := clientRequests(t)
	if len(requests) != 14 {
		t.Errorf("%d requests, want 14", len(requests))
	}
	for name, req := range requests {
		hash := EmptyPayloadHash
		if req.ContentLength > 0 {
			hash = hashOf("body")
		}
		if _, err := testVerifier().Verify(req, hash, "lambda", "eu-west-1"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		req.URL.RawQuery += "&more=1"
		if _, err := testVerifier().Verify(req, hash, "lambda", "eu-west-1"); err == nil {
			t.Errorf("%s: verifies with another parameter", name)
		}
	}
}

// presigned returns the GET that botocore presigned with a long-term key.
func presigned(t *testing.T) *http.Request {
	t.Helper()
	for name, req := range clientRequests(t) {
		if strings.HasPrefix(name, "botocore, presigned") && strings.Contains(name, "AKIALOCALEXAMPLE") {
			return req
		}
	}
	t.Fatal("no such request")
	return nil
}

func TestVerifier_accepts_a_presigned_URL_until_it_expires(t *testing.T) {
	for after, want := range map[time.Duration]string{
		-maxClockSkew:               "",
		-maxClockSkew - time.Second: "Signature not yet current",
		300 * time.Second:           "",
		301 * time.Second:           "Signature expired: 20261121T100000Z is now earlier than 20261121T100001Z (20261121T100501Z - 5 min.)",
	} {
		v := testVerifier()
		v.Now = func() time.Time { return testTime.Add(after) }
		_, err := v.Verify(presigned(t), EmptyPayloadHash, "lambda", "eu-west-1")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("after %v: %v, want %q", after, err, want)
		}
	}
}

func TestVerifier_rejects_a_presigned_URL_that_was_changed(t *testing.T) {
	for name, test := range map[string]struct {
		change func(query url.Values)
		code   string
	}{
		"no date":        {func(q url.Values) { q.Del("X-Amz-Date") }, IncompleteSignature},
		"no credential":  {func(q url.Values) { q.Del("X-Amz-Credential") }, IncompleteSignature},
		"algorithm":      {func(q url.Values) { q.Set("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256") }, IncompleteSignature},
		"two signatures": {func(q url.Values) { q.Add("X-Amz-Signature", "00") }, IncompleteSignature},
		"never expires":  {func(q url.Values) { q.Set("X-Amz-Expires", "604801") }, IncompleteSignature},
		"expires later":  {func(q url.Values) { q.Set("X-Amz-Expires", "301") }, InvalidSignature},
		"a token":        {func(q url.Values) { q.Set("X-Amz-Security-Token", "stolen") }, UnrecognizedClient},
		"another key":    {func(q url.Values) { q.Set("X-Amz-Credential", "AKIAOTHER/20261121/eu-west-1/lambda/aws4_request") }, UnrecognizedClient},
		"a parameter":    {func(q url.Values) { q.Set("a", "3") }, InvalidSignature},
		"unsigned":       {func(q url.Values) { q.Del("X-Amz-Signature") }, MissingAuthenticationToken},
		"another hash":   {func(q url.Values) { q.Set("X-Amz-Content-Sha256", hashOf("x")) }, InvalidSignature},
	} {
		req := presigned(t)
		query := req.URL.Query()
		test.change(query)
		req.URL.RawQuery = query.Encode()
		_, err := testVerifier().Verify(req, EmptyPayloadHash, "lambda", "eu-west-1")
		if rejected := new(Error); !errors.As(err, &rejected) || rejected.Code != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
}

// The example of a presigned GET in the guide of S3.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
func TestVerifier_accepts_the_presigned_example_of_S3(t *testing.T) {
	req := newRequest(t, http.MethodGet, "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"+
		"&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"+
		"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", "")
	v := Verifier{
		Now: func() time.Time { return time.Date(2013, 5, 24, 23, 0, 0, 0, time.UTC) },
		Lookup: func(string) (Identity, bool) {
			return Identity{Credentials: Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}, true
		},
	}
	if _, err := v.Verify(req, EmptyPayloadHash, ServiceS3, "us-east-1"); err != nil {
		t.Error(err)
	}
}
