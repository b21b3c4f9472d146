package sigv4

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	if len(requests) != 6 {
		t.Errorf("%d requests, want 6", len(requests))
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

func TestVerifier_rejects_a_presigned_URL_by_name(t *testing.T) {
	req := newRequest(t, http.MethodGet, "https://h/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00", "")
	_, err := testVerifier().Verify(req, EmptyPayloadHash, "lambda", "eu-west-1")
	if rejected := new(Error); !errors.As(err, &rejected) || rejected.Code != MissingAuthenticationToken || !strings.Contains(rejected.Detail, "presigned URLs aren't supported locally") {
		t.Errorf("got %v", err)
	}
}
