package cffunction

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/dlclark/regexp2/v2"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/edge"
)

func TestMain(m *testing.M) {
	code := m.Run()
	regexp2.StopTimeoutClock()
	if err := goleak.Find(); code == 0 && err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		code = 1
	}
	os.Exit(code)
}

// compile returns a function that a test needs to work.
func compile(t testing.TB, code string) *Function {
	t.Helper()
	f, err := New(Config{Name: "demo", Code: code, DistributionID: "EDFDVBD6EXAMPLE",
		DistributionDomainName: "d111111abcdef8.cloudfront.net"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// handler is the code of a function whose handler has this body.
func handler(body string) string { return "function handler(event) {\n" + body + "\n}" }

func request() *Request {
	return &Request{ID: "EXAMPLEntjQpEXAMPLE==", ViewerIP: "198.51.100.11", Method: "GET", URI: "/media/index.mpd",
		RawQuery: "ID=42&NoValue&querymv=val1&querymv=val2,val3&e=%20a",
		Header: http.Header{
			"Accept":          {"application/json", "text/html"},
			"Cookie":          {"Cookie1=value1; cookiemv=value3; cookiemv=value4"},
			"Host":            {"video.example.com"},
			"User-Agent":      {"curl/8"},
			"X-Forwarded-For": {"203.0.113.1"},
			"X-Amz-Cf-Id":     {"hidden"},
			"Via":             {"1.1 proxy"},
		}}
}

func response() *Response {
	return &Response{StatusCode: 200, StatusDescription: "OK", Header: http.Header{
		"Content-Type": {"application/json"},
		"Via":          {"1.1 origin"},
		"Set-Cookie":   {"ID=id1234; Secure; Path=/", "c=1; Path=/a", "c=2; Path=/b"},
	}}
}

// answer returns what a function answers as text, through the body of a response.
func answer(t *testing.T, f *Function, r *Request) string {
	t.Helper()
	result, err := f.ViewerRequest(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if result.Response == nil {
		t.Fatal("the function did not answer itself")
	}
	return string(result.Response.Body)
}

// evaluate runs an expression inside a handler and returns it as text.
func evaluate(t *testing.T, code, expression string) string {
	t.Helper()
	return answer(t, compile(t, code+"\nasync function handler(event) { const x = "+expression+"; return {statusCode: 200, body: String(x)}; }"), request())
}

func TestViewerRequest_shows_the_documented_event(t *testing.T) {
	f := compile(t, handler("return {statusCode: 200, body: JSON.stringify(event)}"))
	want := `{"version":"1.0","context":{"distributionDomainName":"d111111abcdef8.cloudfront.net","distributionId":"EDFDVBD6EXAMPLE",` +
		`"eventType":"viewer-request","requestId":"EXAMPLEntjQpEXAMPLE=="},"viewer":{"ip":"198.51.100.11"},"request":{"method":"GET",` +
		`"uri":"/media/index.mpd","querystring":{"ID":{"value":"42"},"NoValue":{"value":""},"querymv":{"value":"val1","multiValue":` +
		`[{"value":"val1"},{"value":"val2,val3"}]},"e":{"value":"%20a"}},"headers":{"accept":{"value":"application/json","multiValue":` +
		`[{"value":"application/json"},{"value":"text/html"}]},"host":{"value":"video.example.com"},"user-agent":{"value":"curl/8"},"via":{"value":"1.1 proxy"},` +
		`"x-forwarded-for":{"value":"203.0.113.1"}},"cookies":{"Cookie1":{"value":"value1"},` +
		`"cookiemv":{"value":"value3","multiValue":[{"value":"value3"},{"value":"value4"}]}}}}`
	if diff := cmp.Diff(want, answer(t, f, request())); diff != "" {
		t.Error(diff)
	}
}

func TestViewerResponse_shows_cookies_with_attributes(t *testing.T) {
	f := compile(t, handler("event.response.body = JSON.stringify(event.response); return event.response"))
	got, err := f.ViewerResponse(t.Context(), request(), response())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"statusCode":200,"statusDescription":"OK","headers":{"content-type":{"value":"application/json"},"via":{"value":"1.1 origin"}},` +
		`"cookies":{"ID":{"value":"id1234","attributes":"Secure; Path=/"},"c":{"value":"1","attributes":"Path=/a","multiValue":` +
		`[{"value":"1","attributes":"Path=/a"},{"value":"2","attributes":"Path=/b"}]}}}`
	if diff := cmp.Diff(want, string(got.Body)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(response().Header, got.Header); diff != "" {
		t.Error("an unchanged response changed:", diff)
	}
}

func TestFunction_starts_each_request_with_fresh_variables(t *testing.T) {
	f := compile(t, "let n = 0; function handler() { n++; globalThis.m = (globalThis.m || 0) + 1; return {statusCode: 200, body: n + ' ' + globalThis.m} }")
	for range 5 {
		if got := answer(t, f, request()); got != "1 1" {
			t.Fatalf("counters are %q at the start of a request, want 1 1", got)
		}
	}
}

func TestFunction_serves_many_requests_at_once_without_mixing_them(t *testing.T) {
	f := compile(t, "async function handler(event) { await null; event.request.headers['x-copy'] = {value: event.request.headers.host.value}; return event.request }")
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			r := request()
			host := strings.Repeat("x", i+1)
			r.Header.Set("Host", host)
			result, err := f.ViewerRequest(t.Context(), r)
			if err != nil {
				t.Error(err)
			} else if got := result.Request.Header.Get("X-Copy"); got != host {
				t.Errorf("host %q came back as %q", host, got)
			}
		})
	}
	group.Wait()
}

func TestExecutionError_has_place_and_hint(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{handler("  const a = null;\n  return event.request.headers.absent.value"), "demo:3:39: TypeError: Cannot read property 'value' of undefined (the header"},
		{"async " + handler("throw new Error('boom')"), "demo:2:7: Error: boom"},
		{handler("throw 'text'"), "demo:2:1: text"},
		{"function handler(e) { throw new Error('first line') }", "demo:1:29: Error: first line"},
		{handler("return [3, 1].flat()"), "demo:2:19: TypeError: Object has no member 'flat'"},
		{handler("setTimeout(handler, 1)"), "setTimeout is not defined (CloudFront Functions have no timers)"},
		{handler("return process.env.HOME"), "process is not defined (CloudFront Functions have no process"},
		{handler("return new Promise(function () {})"), "never settles"},
		{handler("return Promise.reject('no')"), "demo:1:1: no"},
		{handler("throw { toString: function () { for (;;) {} } }"), "demo:2:1: a value that has no text"},
		{handler("return require('fs')"), `cannot find module "fs"`},
	} {
		_, err := compile(t, c.code).ViewerRequest(t.Context(), request())
		var e *Error
		if !errors.As(err, &e) || e.Code != ExecutionError || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.code, err, c.want)
		}
	}
}

func TestFunction_logs_console_lines_with_its_name(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	f, err := New(Config{Name: "demo", Code: handler("console.log('seen ' + event.request.uri); console.log('a', 'b'); return event.request")}, logger)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.ViewerRequest(t.Context(), request()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"level":"INFO","msg":"seen /media/index.mpd","source":"demo"`, `"msg":"a"`, `"hint":"join the parts with +"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}

func TestFunction_runs_original_host(t *testing.T) {
	r := request()
	r.Header.Set("Authorization", "Bearer x")
	r.Header["X-Original-Host"] = []string{"spoofed", "twice"}
	r.Header.Set("Accept-Encoding", "br")
	result, err := compile(t, edge.OriginalHost).ViewerRequest(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	want := r.Header.Clone()
	want.Del("Accept-Encoding")
	want["X-Original-Host"] = []string{"video.example.com"}
	want["X-Forwarded-Host"] = []string{"video.example.com"}
	want["X-Original-Authorization"] = []string{"Bearer x"}
	if diff := cmp.Diff(want, result.Request.Header); diff != "" {
		t.Error(diff)
	}
}
