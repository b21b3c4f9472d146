package cloudfront

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
)

// viewerFunction returns a CloudFront Function whose handler has this body.
func viewerFunction(t testing.TB, body string) *cffunction.Function {
	t.Helper()
	f, err := cffunction.New(cffunction.Config{Code: "function handler(event) {\n" + body + "\n}"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestViewerFunction_changes_the_request(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.ViewerRequest = viewerFunction(t, `
		const r = event.request, h = r.headers;
		if (event.viewer.ip !== '192.0.2.1' || event.context.requestId.length !== 56 || h['x-edge-secret']) throw new Error(JSON.stringify(event));
		h['x-original-host'] = {value: h.host.value};
		delete h['accept-encoding'];
		r.uri = '/new';
		r.querystring = {q: {value: '1'}};
		return r;`)
	d, _ := mustNew(t, config)
	ask(t, d, "GET", "/old", "", "Host", "www.example.com", "Accept-Encoding", "gzip", "X-Original-Host", "spoofed", "X-Edge-Secret", "s")
	got := origin.request
	if got.URL.RequestURI() != "/new?q=1" || got.Header.Get("Accept-Encoding") != "" || got.Host != testDomain {
		t.Errorf("the origin got %s %s %v", got.Host, got.URL, got.Header)
	}
	if values := got.Header.Values("X-Original-Host"); len(values) != 1 || values[0] != "www.example.com" {
		t.Errorf("X-Original-Host: %q", values)
	}
}

func TestViewerFunction_generates_the_response(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.CustomErrorResponses = []CustomErrorResponse{{ErrorCode: 403, ResponseCode: 200, ResponsePagePath: "/page"}}
	config.Default.ViewerRequest = viewerFunction(t, "return {statusCode: 403, headers: {location: {value: '/x'}}, body: 'no'}")
	d, _ := mustNew(t, config)
	resp := ask(t, d, "GET", "/", "")
	if body := read(t, resp); resp.StatusCode != 403 || body != "no" || resp.Header.Get("Location") != "/x" || origin.count != 0 {
		t.Errorf("%d %q %v", resp.StatusCode, body, resp.Header)
	}
	if resp.Header.Get("X-Cache") != "FunctionGeneratedResponse from cloudfront" || resp.Header.Get("Server") != "CloudFront" || resp.ContentLength != 2 {
		t.Errorf("%v", resp.Header)
	}
}

func TestViewerFunction_changes_the_response(t *testing.T) {
	status := 200
	config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		return answer(status, "body", "X-Amzn-Requestid", "hidden", "X-Old", "o"), nil
	}))
	config.Default.ViewerResponse = viewerFunction(t, `
		const r = event.response;
		if (r.statusCode !== 200 || r.headers['x-amzn-requestid'] || event.request.uri !== '/x') throw new Error(JSON.stringify(event));
		r.statusCode = 201;
		delete r.headers['x-old'];
		r.headers['x-new'] = {value: 'n'};
		return r;`)
	d, _ := mustNew(t, config)
	resp := ask(t, d, "GET", "/x", "")
	if body := read(t, resp); resp.StatusCode != 201 || body != "body" || resp.Header.Get("X-New") != "n" || resp.Header.Get("X-Old") != "" || resp.Header.Get("X-Amzn-Requestid") != "hidden" {
		t.Errorf("%d %q %v", resp.StatusCode, body, resp.Header)
	}
	status = 404
	if resp := ask(t, d, "GET", "/x", ""); resp.StatusCode != 404 || resp.Header.Get("X-New") != "" {
		t.Errorf("viewer-response ran for an error: %d %v", resp.StatusCode, resp.Header)
	}
}

func TestViewerFunction_failures(t *testing.T) {
	failed, invalid := "FunctionExecutionError from cloudfront", "FunctionValidationError from cloudfront"
	for name, c := range map[string]struct {
		body   string
		status int
		xCache string
	}{
		"throws":              {"\nabsent()", 503, failed},
		"returns nonsense":    {"return 42", 502, invalid},
		"returns nothing":     {"", 502, invalid},
		"changes the method":  {"event.request.method = 'PUT'; return event.request", 502, invalid},
		"changes Host":        {"event.request.headers.host.value = 'x'; return event.request", 502, invalid},
		"deletes Host":        {"delete event.request.headers.host; return event.request", 502, invalid},
		"adds Connection":     {"event.request.headers.connection = {value: 'close'}; return event.request", 502, invalid},
		"adds X-Edge-A":       {"event.request.headers['x-edge-a'] = {value: 'x'}; return event.request", 502, invalid},
		"one header twice":    {"event.request.headers['X-A'] = event.request.headers['x-a'] = {value: '1'}; return event.request", 502, invalid},
		"a relative URI":      {"event.request.uri = 'x'; return event.request", 502, invalid},
		"generates 99":        {"return {statusCode: 99}", 502, invalid},
		"generates a bad one": {"return {statusCode: 200, headers: {'x-cache': {value: 'Hit'}}}", 502, invalid},
	} {
		origin := &seen{}
		config := testConfig(origin)
		config.Default.ViewerRequest = viewerFunction(t, c.body)
		d, log := mustNew(t, config)
		resp := ask(t, d, "GET", "/", "")
		if resp.StatusCode != c.status || resp.Header.Get("X-Cache") != c.xCache || origin.count != 0 {
			t.Errorf("%s: %d %s", name, resp.StatusCode, resp.Header.Get("X-Cache"))
		}
		if name == "throws" && !strings.Contains(log.String(), "function:3:") {
			t.Errorf("the log hides the line: %s", log)
		}
	}
}

func TestViewerFunction_that_can_not_run_is_503(t *testing.T) {
	config := testConfig(&seen{})
	config.Default.ViewerRequest = cffunction.Failing(&cffunction.CompileError{Function: "f", Problems: []cffunction.Problem{{Message: "class isn't supported"}}})
	d, log := mustNew(t, config)
	if got := ask(t, d, "GET", "/", ""); got.StatusCode != 503 || got.Header.Get("X-Cache") != "FunctionExecutionError from cloudfront" || !strings.Contains(log.String(), "class") {
		t.Errorf("%d %v: %s", got.StatusCode, got.Header, log)
	}
}

func TestViewerFunction_failure_at_viewer_response_closes_the_origins_body(t *testing.T) {
	closed := false
	config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		resp := answer(200, "body")
		resp.Body = closer{resp.Body, func() { closed = true }}
		return resp, nil
	}))
	config.Default.ViewerResponse = viewerFunction(t, "throw new Error('boom')")
	d, _ := mustNew(t, config)
	if got := ask(t, d, "GET", "/", "").StatusCode; got != 503 || !closed {
		t.Errorf("%d, closed %v", got, closed)
	}
}
