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

func TestViewerFunction_that_sets_an_error_status_keeps_its_response(t *testing.T) {
	config := testConfig(&seen{})
	config.CustomErrorResponses = []CustomErrorResponse{{ErrorCode: 404, ResponseCode: 200, ResponsePagePath: "/page"}}
	config.Default.ViewerResponse = viewerFunction(t, "event.response.statusCode = 404; event.response.body = 'none'; return event.response")
	d, _ := mustNew(t, config)
	if resp := ask(t, d, "GET", "/", ""); resp.StatusCode != 404 || read(t, resp) != "none" {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestViewerFunction_sees_and_changes_CloudFronts_headers(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.ViewerRequest = viewerFunction(t, `
		const h = event.request.headers;
		h['x-proto'] = {value: h['cloudfront-forwarded-proto'].value};
		h['cloudfront-is-mobile-viewer'] = {value: 'changed'};
		return event.request;`)
	d, _ := mustNew(t, config)
	ask(t, d, "GET", "/", "", "Cloudfront-Forwarded-Proto", "spoofed")
	if got := origin.request.Header; got.Get("X-Proto") != "http" || got.Get("Cloudfront-Is-Mobile-Viewer") != "changed" || got.Get("Cloudfront-Viewer-Http-Version") != "1.1" {
		t.Errorf("the origin got %v", got)
	}
}

func TestAllViewerExceptHostHeader_adds_CloudFronts_headers(t *testing.T) {
	origin := &seen{}
	d, log := mustNew(t, testConfig(origin))
	ask(t, d, "GET", "/", "", "User-Agent", "curl/8")
	if got := origin.request.Header; got.Get("Cloudfront-Forwarded-Proto") != "http" || got.Get("Cloudfront-Is-Desktop-Viewer") != "true" || log.String() != "" {
		t.Errorf("the origin got %v: %s", got, log)
	}
}

func TestViewerFunction_chooses_the_origin(t *testing.T) {
	const imported = "import cf from 'cloudfront';"
	first, second, other := &seen{}, &seen{}, &seen{}
	config := testConfig(first)
	config.Origins["second"] = Origin{ID: "second", DomainName: "second.example.com", Path: "/s", Transport: second}
	config.OtherOrigins = other
	for _, c := range []struct {
		call  string
		got   *seen
		url   string
		host  string
		check func(h http.Header) bool
	}{
		{"cf.selectRequestOriginById('second')", second, "https://second.example.com/s/x", "second.example.com", nil},
		{"cf.createRequestOriginGroup({originIds: [{originId: 'second'}, {originId: 'url'}]})", second, "https://second.example.com/s/x", "second.example.com", nil},
		{"cf.updateRequestOrigin({domainName: 'second.example.com', hostHeader: 'h'})", second, "https://second.example.com/x", "h", nil},
		{"cf.updateRequestOrigin({domainName: 'api.example.com', originPath: '/v2', customHeaders: {'x-a': '1'}, customOriginConfig: {port: 8080, protocol: 'http', sslProtocols: ['TLSv1.2']}})",
			other, "http://api.example.com:8080/v2/x", "api.example.com", func(h http.Header) bool { return h.Get("X-A") == "1" }},
		{"cf.updateRequestOrigin({domainName: 'b.s3.eu-west-1.amazonaws.com', originAccessControlConfig: {enabled: true, region: 'eu-west-1', signingBehavior: 'always', signingProtocol: 'sigv4', originType: 's3'}})",
			other, "https://b.s3.eu-west-1.amazonaws.com/x", "b.s3.eu-west-1.amazonaws.com", func(h http.Header) bool {
				return strings.Contains(h.Get("Authorization"), "/eu-west-1/s3/aws4_request")
			}},
	} {
		f, err := cffunction.New(cffunction.Config{Code: imported + "function handler(event) { " + c.call + "; return event.request }"}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		config.Default.ViewerRequest = f
		d, log := mustNew(t, config)
		c.got.request = nil
		ask(t, d, "GET", "/x", "")
		if got := c.got.request; got == nil || got.URL.String() != c.url || got.Host != c.host || c.check != nil && !c.check(got.Header) {
			t.Errorf("%s: the origin got %+v: %s", c.call, got, log)
		}
	}
	for _, call := range []string{"cf.selectRequestOriginById('none')", "cf.updateRequestOrigin({originPath: 'x/'})", "cf.updateRequestOrigin({customHeaders: {'x-edge-a': '1'}})"} {
		f, err := cffunction.New(cffunction.Config{Code: imported + "function handler(event) { " + call + "; return event.request }"}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		config.Default.ViewerRequest = f
		d, _ := mustNew(t, config)
		if got := ask(t, d, "GET", "/x", "").StatusCode; got != 502 {
			t.Errorf("%s: %d", call, got)
		}
	}
}
