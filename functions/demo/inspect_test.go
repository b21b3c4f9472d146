package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInspect_describes_what_the_handler_saw(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"} {
		got := send(t, method, serve(t, pace{})+"/inspect/a%2Fb//c%20d?x=%20+&y", "héllo", map[string]string{
			"Cookie":               "a=1; b=2=3",
			"X-Amz-Security-Token": "secret-token",
			"X-Amz-Source-Account": "secret-account",
			"X-Amz-Source-Arn":     "secret-arn",
			"X-Custom":             "kept",
		})
		var seen inspection
		if err := json.Unmarshal([]byte(got.body), &seen); err != nil {
			t.Fatalf("%s: %v in %s", method, err, got.body)
		}
		sum := sha256.Sum256([]byte("héllo"))
		want := inspection{
			Method: method, RawPath: "/inspect/a%2Fb//c%20d", RawQuery: "x=%20+&y", Host: got.Request.URL.Host,
			Cookies: []string{"a=1", "b=2=3"}, BodyLength: 6, BodySHA256: hex.EncodeToString(sum[:]),
			Headers: seen.Headers,
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("%s (-want +got):\n%s", method, diff)
		}
		if seen.Headers.Get("X-Custom") != "kept" || strings.Contains(got.body, "secret") {
			t.Errorf("%s: headers are %v, want X-Custom kept and those of the signature hidden", method, seen.Headers)
		}
		if cookies := got.Cookies(); len(cookies) != 2 || cookies[0].Name == cookies[1].Name {
			t.Errorf("%s: cookies set are %v, want two", method, cookies)
		}
		if got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers are %v", method, got.Header)
		}
	}
}

func TestInspect_reports_unusual_paths_as_they_were_sent(t *testing.T) {
	for target, want := range map[string]string{
		"/inspect/a%2Fb|c?x|y":         "/inspect/a%2Fb|c",
		"/inspect//a/../%2f":           "/inspect//a/../%2f",
		"http://example.com/inspect/a": "/inspect/a",
	} {
		recorder := httptest.NewRecorder()
		newHandler(pace{}).ServeHTTP(recorder, httptest.NewRequest("GET", target, nil))
		var seen inspection
		if err := json.Unmarshal(recorder.Body.Bytes(), &seen); err != nil || seen.RawPath != want {
			t.Errorf("%s: got the path %q (%v), want %q", target, seen.RawPath, err, want)
		}
	}
}

func TestInspect_has_the_fields_that_clients_read(t *testing.T) {
	got := send(t, "GET", serve(t, pace{})+"/inspect", "", nil)
	var fields map[string]any
	if err := json.Unmarshal([]byte(got.body), &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"method", "rawPath", "rawQuery", "host", "headers", "cookies", "bodyLength", "bodySha256"} {
		if fields[name] == nil {
			t.Errorf("%s lacks %s", got.body, name)
		}
	}
}
