package streamhttp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestWire_demo_streams_line_by_line(t *testing.T) {
	api := newRuntimeAPI(t)
	start(t, build(t, "../demo"), api)
	// The demo takes 1.4 s for the lines after the first, but a busy machine may read
	// that one late: then another attempt has to show that the stream isn't buffered.
	var took time.Duration
	for range 5 {
		if took = demoLines(t, api); took >= 700*time.Millisecond {
			return
		}
	}
	t.Errorf("the rest arrived %v after the first line: the stream was buffered", took)
}

// demoLines checks the demo's stream and returns how long the lines after the
// first took.
func demoLines(t *testing.T, api *runtimeAPI) time.Duration {
	t.Helper()
	reply := api.invoke(t, readEvent(t, "cloudfront_get_root"))
	defer reply.close()
	if got := reply.request.Header.Get("Content-Type"); got != "application/vnd.awslambda.http-integration-response" {
		t.Errorf("Content-Type of the reply is %q", got)
	}
	if got := reply.request.TransferEncoding; len(got) != 1 || got[0] != "chunked" {
		t.Errorf("Transfer-Encoding of the reply is %v, want chunked", got)
	}
	prelude := reply.prelude(t)
	if prelude.StatusCode != 200 || prelude.Headers["X-AggregateInfo-Result"] != "OK" || prelude.Headers["X-Request-Host"] != "www.example.com" {
		t.Errorf("prelude is %+v", prelude)
	}
	first, err := reply.body.ReadString('\n')
	if want := `{"event":"start","message":"streaming begin"}` + "\n"; first != want || err != nil {
		t.Fatalf("first line is %q (%v), want %q", first, err, want)
	}
	began := time.Now()
	if lines := strings.Count(reply.rest(t), "\n"); lines != 5 {
		t.Errorf("%d more lines, want 5", lines)
	}
	return time.Since(began)
}

func TestWire_demo_survives_500_invocations_in_a_row(t *testing.T) {
	api := newRuntimeAPI(t)
	start(t, build(t, "../demo"), api)
	for i := range 500 {
		body := bytes.Repeat([]byte{byte(i), 0xff}, i)
		event := newEvent("POST", "/echo")
		event.Body, event.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
		reply := api.invoke(t, event)
		prelude, got := reply.prelude(t), reply.rest(t)
		reply.close()
		sum := sha256.Sum256(body)
		if prelude.StatusCode != 200 || got != string(body) || prelude.Headers["X-Body-Sha256"] != hex.EncodeToString(sum[:]) {
			t.Fatalf("invocation %d: %+v with %d bytes, want the %d that were sent", i, prelude, len(got), len(body))
		}
	}
}

func TestWire_ends_responses_without_a_body(t *testing.T) {
	demo, faulty := newRuntimeAPI(t), newRuntimeAPI(t)
	start(t, build(t, "../demo"), demo)
	start(t, build(t, "./testdata/faulty"), faulty)
	for _, c := range []struct {
		api          *runtimeAPI
		method, path string
		status       int
	}{
		{demo, "HEAD", "/", 200},
		{demo, "HEAD", "/inspect", 200},
		{demo, "HEAD", "/nothing", 404},
		{demo, "POST", "/echo", 200},
		{faulty, "GET", "/no-content", 204},
		{faulty, "GET", "/not-modified", 304},
		{faulty, "GET", "/empty", 200},
	} {
		reply := c.api.invoke(t, newEvent(c.method, c.path))
		prelude, rest := reply.prelude(t), reply.rest(t)
		reply.close()
		if prelude.StatusCode != c.status || rest != "" || len(reply.request.Trailer.Get("Lambda-Runtime-Function-Error-Type")) > 0 {
			t.Errorf("%s %s: %d with body %q and trailers %v, want a clean %d", c.method, c.path, prelude.StatusCode, rest, reply.request.Trailer, c.status)
		}
	}
}

func TestWire_first_chunk_arrives_before_the_second_is_written(t *testing.T) {
	api := newRuntimeAPI(t)
	start(t, build(t, "./testdata/faulty"), api)
	gate := make(chan struct{})
	gatekeeper := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-gate }))
	defer gatekeeper.Close()
	event := newEvent("GET", "/gate")
	event.RawQueryString = "url=" + url.QueryEscape(gatekeeper.URL)
	reply := api.invoke(t, event)
	defer reply.close()
	reply.prelude(t)
	first, err := reply.body.ReadString('\n')
	close(gate)
	if rest := reply.rest(t); first != "first\n" || err != nil || rest != "second\n" {
		t.Errorf("lines are %q (%v) and %q", first, err, rest)
	}
}

func TestWire_reports_failures_and_serves_the_next_event(t *testing.T) {
	api := newRuntimeAPI(t)
	log := start(t, build(t, "./testdata/faulty"), api)
	for _, c := range []struct {
		path    string
		status  int    // 0: an error instead of a response
		body    string // or errorMessage
		trailer string
	}{
		{"/panic-before", 500, "Internal Server Error\n", ""},
		{"/panic-after", 200, "first", "PanicError"},
		{"/short", 200, "short", "wrapError"},
		{"/abort-before", 0, "net/http: abort Handler", ""},
		{"/%zz", 400, "400 Bad Request: the path is malformed\n", ""},
		{"/fine", 404, "404 page not found\n", ""},
	} {
		reply := api.invoke(t, newEvent("GET", c.path))
		if c.status == 0 {
			if got := reply.rest(t); reply.kind != "error" || !strings.Contains(got, c.body) {
				t.Errorf("%s: %s %s, want the error %q", c.path, reply.kind, got, c.body)
			}
		} else {
			prelude, body := reply.prelude(t), reply.rest(t)
			trailer := reply.request.Trailer.Get("Lambda-Runtime-Function-Error-Type")
			if reply.kind != "response" || prelude.StatusCode != c.status || body != c.body || trailer != c.trailer {
				t.Errorf("%s: %s %d %q with error type %q, want %d %q with %q", c.path, reply.kind, prelude.StatusCode, body, trailer, c.status, c.body, c.trailer)
			}
			if c.trailer == "PanicError" {
				checkErrorBody(t, reply.request.Trailer.Get("Lambda-Runtime-Function-Error-Body"), "boom after")
			}
		}
		reply.close()
	}
	for _, want := range []string{"boom before", "boom after", "after the first byte", "testdata/faulty/main.go", "requestId=request-1"} {
		waitFor(t, log, want)
	}
}

func checkErrorBody(t *testing.T, encoded, want string) {
	t.Helper()
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Errorf("the error body in the trailers is not base64: %v", err)
	}
	var body struct{ ErrorMessage, ErrorType string }
	if err := json.Unmarshal(decoded, &body); err != nil || !strings.Contains(body.ErrorMessage, want) {
		t.Errorf("the error body in the trailers is %s (%v), want %q in it", decoded, err, want)
	}
}

func TestWire_rejects_an_event_of_another_kind_and_serves_the_next(t *testing.T) {
	api := newRuntimeAPI(t)
	start(t, build(t, "./testdata/faulty"), api)
	invalid := newEvent("GET", "/")
	invalid.RequestContext.DomainName = ""
	reply := api.invoke(t, invalid)
	var failure struct{ ErrorMessage, ErrorType string }
	err := json.Unmarshal([]byte(reply.rest(t)), &failure)
	reply.close()
	if reply.kind != "error" || failure.ErrorType != "InvalidEventError" || !strings.Contains(failure.ErrorMessage, "domainName") {
		t.Errorf("reply is %s %+v (%v), want an InvalidEventError", reply.kind, failure, err)
	}
	next := api.invoke(t, newEvent("GET", "/empty"))
	defer next.close()
	if got := fmt.Sprint(next.prelude(t).StatusCode); got != "200" {
		t.Errorf("the next invocation returns %s, want 200", got)
	}
}

func TestWire_an_early_202_stops_the_handler_and_the_next_event_is_served(t *testing.T) {
	api := newRuntimeAPI(t)
	log := start(t, build(t, "./testdata/faulty"), api)
	flood := api.invoke(t, newEvent("GET", "/flood"))
	flood.prelude(t)
	flood.close()
	next := api.invoke(t, newEvent("GET", "/no-content"))
	defer next.close()
	if got := next.prelude(t).StatusCode; got != 204 {
		t.Errorf("the next invocation returns %d, want 204", got)
	}
	waitFor(t, log, "flood ended")
}
