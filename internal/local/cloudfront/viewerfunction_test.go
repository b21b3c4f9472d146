package cloudfront

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

type viewerFunc func(ViewerEvent) (ViewerResult, error)

func (f viewerFunc) Invoke(_ context.Context, e ViewerEvent) (ViewerResult, error) { return f(e) }

func TestViewerFunction_changes_the_request(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.ViewerRequest = viewerFunc(func(e ViewerEvent) (ViewerResult, error) {
		r := e.Request
		if e.Type != ViewerRequest || e.ViewerIP != "192.0.2.1" || len(e.RequestID) != 56 || r.Header.Get("Host") != "www.example.com" || r.Header.Get("X-Edge-Secret") != "" {
			t.Errorf("the function got %+v", e)
		}
		r.Header.Del("X-Original-Host")
		r.Header["x-original-host"] = []string{r.Header.Get("Host")}
		r.Header.Del("Accept-Encoding")
		r.URI, r.QueryString = "/new", "q=1"
		return ViewerResult{Request: &r}, nil
	})
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

func TestViewerFunction_answers(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.CustomErrorResponses = []CustomErrorResponse{{ErrorCode: 403, ResponseCode: 200, ResponsePagePath: "/page"}}
	config.Default.ViewerRequest = viewerFunc(func(ViewerEvent) (ViewerResult, error) {
		return ViewerResult{Response: &FunctionResponse{StatusCode: 403, Header: http.Header{"location": {"/x"}}, Body: []byte("no")}}, nil
	})
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
	ran := 0
	config.Default.ViewerResponse = viewerFunc(func(e ViewerEvent) (ViewerResult, error) {
		ran++
		if e.Type != ViewerResponse || e.Response.StatusCode != 200 || e.Response.Header.Get("X-Amzn-Requestid") != "" || e.Request.URI != "/x" {
			t.Errorf("the function got %+v", e)
		}
		r := e.Response
		r.StatusCode = 201
		r.Header.Del("X-Old")
		r.Header.Set("X-New", "n")
		return ViewerResult{Response: r}, nil
	})
	d, _ := mustNew(t, config)
	resp := ask(t, d, "GET", "/x", "")
	if body := read(t, resp); resp.StatusCode != 201 || body != "body" || resp.Header.Get("X-New") != "n" || resp.Header.Get("X-Old") != "" || resp.Header.Get("X-Amzn-Requestid") != "hidden" {
		t.Errorf("%d %q %v", resp.StatusCode, body, resp.Header)
	}
	status = 404
	if resp := ask(t, d, "GET", "/x", ""); resp.StatusCode != 404 || ran != 1 {
		t.Errorf("an error went through viewer-response: %d, ran %d times", resp.StatusCode, ran)
	}
}

func TestViewerFunction_failures(t *testing.T) {
	change := func(f func(*FunctionRequest)) viewerFunc {
		return func(e ViewerEvent) (ViewerResult, error) {
			f(&e.Request)
			return ViewerResult{Request: &e.Request}, nil
		}
	}
	respond := func(r FunctionResponse) viewerFunc {
		return func(ViewerEvent) (ViewerResult, error) { return ViewerResult{Response: &r}, nil }
	}
	failed, invalid := "FunctionExecutionError from cloudfront", "FunctionValidationError from cloudfront"
	for name, c := range map[string]struct {
		f      viewerFunc
		status int
		xCache string
	}{
		"throws":              {func(ViewerEvent) (ViewerResult, error) { return ViewerResult{}, errors.New("x is not defined, line 3") }, 503, failed},
		"returns nonsense":    {func(ViewerEvent) (ViewerResult, error) { return ViewerResult{}, fmt.Errorf("42: %w", ErrInvalidResult) }, 502, invalid},
		"returns nothing":     {func(ViewerEvent) (ViewerResult, error) { return ViewerResult{}, nil }, 502, invalid},
		"changes the method":  {change(func(r *FunctionRequest) { r.Method = "PUT" }), 502, invalid},
		"changes Host":        {change(func(r *FunctionRequest) { r.Header.Set("Host", "x") }), 502, invalid},
		"deletes Host":        {change(func(r *FunctionRequest) { r.Header.Del("Host") }), 502, invalid},
		"adds Connection":     {change(func(r *FunctionRequest) { r.Header["connection"] = []string{"close"} }), 502, invalid},
		"adds X-Edge-A":       {change(func(r *FunctionRequest) { r.Header.Set("X-Edge-A", "x") }), 502, invalid},
		"one header twice":    {change(func(r *FunctionRequest) { r.Header["x-a"], r.Header["X-A"] = []string{"1"}, []string{"2"} }), 502, invalid},
		"a relative URI":      {change(func(r *FunctionRequest) { r.URI = "x" }), 502, invalid},
		"generates 99":        {respond(FunctionResponse{StatusCode: 99}), 502, invalid},
		"generates a bad one": {respond(FunctionResponse{StatusCode: 200, Header: http.Header{"X-Cache": {"Hit"}}}), 502, invalid},
	} {
		origin := &seen{}
		config := testConfig(origin)
		config.Default.ViewerRequest = c.f
		d, log := mustNew(t, config)
		resp := ask(t, d, "GET", "/", "")
		if resp.StatusCode != c.status || resp.Header.Get("X-Cache") != c.xCache || origin.count != 0 {
			t.Errorf("%s: %d %s", name, resp.StatusCode, resp.Header.Get("X-Cache"))
		}
		if name == "throws" && !strings.Contains(log.String(), "line 3") {
			t.Errorf("the log hides the line: %s", log)
		}
	}
}

func TestViewerFunction_failure_at_viewer_response_closes_the_answer(t *testing.T) {
	closed := false
	config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		resp := answer(200, "body")
		resp.Body = closer{resp.Body, func() { closed = true }}
		return resp, nil
	}))
	config.Default.ViewerResponse = viewerFunc(func(ViewerEvent) (ViewerResult, error) { return ViewerResult{}, errors.New("boom") })
	d, _ := mustNew(t, config)
	if got := ask(t, d, "GET", "/", "").StatusCode; got != 503 || !closed {
		t.Errorf("%d, closed %v", got, closed)
	}
}
