package edge_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
)

const someHash = "a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3"

// respond runs a composed function on a request in the local engine.
func respond(t *testing.T, v edge.ViewerRequest, method string, header ...string) cffunction.Result {
	t.Helper()
	function, err := cffunction.New(cffunction.Config{Code: v.Source(), KeyValueStore: map[string]string{"/old": "/new"}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("%v\n%s", err, v.Source())
	}
	request := &cffunction.Request{ID: "id", ViewerIP: "192.0.2.1", Method: method, URI: "/old", Header: http.Header{"Host": {"www.example.com"}, "X_original_host": {"evil.example"}}}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	result, err := function.ViewerRequest(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

const (
	passing  = "function viewerRequest(event) {\n  event.request.headers['x-original-host'] = { value: 'evil.example' };\n  event.request.headers['x-forwarded-host'] = { value: 'evil.example' };\n  return event.request;\n}\n"
	redirect = `import cf from 'cloudfront';

async function viewerRequest(event) {
  const to = await cf.kvs().get(event.request.uri);
  return { statusCode: 301, headers: { location: { value: to } } };
}
`
)

func TestViewerRequest_runs_its_steps_in_order(t *testing.T) {
	everything := edge.ViewerRequest{RejectDefaultDomain: true, Code: passing, RequireHash: true}
	redirecting := everything
	redirecting.Code = redirect
	for name, test := range map[string]struct {
		viewer edge.ViewerRequest
		method string
		header []string
		status int // 0 if the request continues
	}{
		"nothing":                        {edge.ViewerRequest{}, "POST", nil, 0},
		"a request without a body":       {everything, "GET", nil, 0},
		"a body with its hash":           {everything, "POST", []string{"Content-Length", "3", "X-Amz-Content-Sha256", someHash}, 0},
		"a body without a hash":          {everything, "POST", []string{"Content-Length", "3"}, 411},
		"the default domain":             {everything, "GET", []string{"Host", "d111111abcdef8.cloudfront.net"}, 403},
		"a response of the code":         {redirecting, "GET", nil, 301},
		"the code before the hash":       {redirecting, "POST", []string{"Content-Length", "3"}, 301},
		"the default domain before code": {redirecting, "GET", []string{"Host", "d111111abcdef8.cloudfront.net"}, 403},
		"code alone":                     {edge.ViewerRequest{Code: passing}, "POST", nil, 0},
		"the default domain alone":       {edge.ViewerRequest{RejectDefaultDomain: true}, "GET", nil, 0},
		"hashes alone":                   {edge.ViewerRequest{RequireHash: true}, "PUT", []string{"Content-Length", "0"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			result := respond(t, test.viewer, test.method, test.header...)
			if test.status == 0 {
				if result.Request == nil {
					t.Fatalf("got response %+v, want a request", result.Response)
				}
				got := result.Request.Header
				if got.Get("X-Original-Host") != "www.example.com" || got.Get("X-Forwarded-Host") != "www.example.com" || got["X_original_host"] != nil {
					t.Errorf("got headers %v, want the viewer's host as X-Original-Host and X-Forwarded-Host", got)
				}
				return
			}
			if result.Response == nil || result.Response.StatusCode != test.status {
				t.Fatalf("got %+v, want status %d", result, test.status)
			}
		})
	}
}

// A viewer can't set X-Forwarded-Prefix, and code that moves a path can.
func TestViewerRequest_removes_forged_headers_before_the_code(t *testing.T) {
	const code = `function viewerRequest(event) {
  const headers = event.request.headers;
  if (headers['x-forwarded-prefix']) return { statusCode: 500 };
  headers['x-forwarded-prefix'] = { value: '/app' };
  return event.request;
}
`
	for name, v := range map[string]edge.ViewerRequest{"alone": {Code: code}, "with other steps": {Code: code, RequireHash: true}} {
		result := respond(t, v, "GET", "X-Forwarded-Prefix", "/evil")
		if result.Request == nil || result.Request.Header.Get("X-Forwarded-Prefix") != "/app" {
			t.Errorf("%s: got %+v, want the prefix of the code only", name, result)
		}
	}
}

func TestViewerRequest_runs_the_limit_of_the_docs(t *testing.T) {
	code, err := os.ReadFile(filepath.Join("..", "infra", "testdata", "viewer", "large_headers.js"))
	if err != nil {
		t.Fatal(err)
	}
	for cookie, want := range map[string]int{strings.Repeat("x", 8000): 0, strings.Repeat("x", 9000): 431} {
		result := respond(t, edge.ViewerRequest{Code: string(code)}, "GET", "Cookie", "a="+cookie)
		if (result.Response == nil) != (want == 0) || result.Response != nil && result.Response.StatusCode != want {
			t.Errorf("got %+v for %d bytes, want status %d", result, len(cookie), want)
		}
	}
}

func TestViewerRequest_runs_another_handler(t *testing.T) {
	const moved = "function handler(event) {\n  // moved\n  return { statusCode: 302, headers: { location: { value: '/moved' } } };\n}\n"
	for name, v := range map[string]edge.ViewerRequest{
		"alone":             {Handler: moved},
		"with code":         {Handler: moved, Code: passing},
		"and after a check": {Handler: moved, RejectDefaultDomain: true},
	} {
		if got := respond(t, v, "GET").Response; got == nil || got.StatusCode != 302 {
			t.Errorf("%s: got %+v, want the handler's 302", name, got)
		}
	}
}

func TestViewerRequest_leaves_invalid_results_to_CloudFront(t *testing.T) {
	for _, code := range []string{"function viewerRequest() {}", "function viewerRequest() { return {}; }", "function viewerRequest() { return 'yes'; }"} {
		function, err := cffunction.New(cffunction.Config{Code: edge.ViewerRequest{Code: code}.Source()}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		_, err = function.ViewerRequest(context.Background(), &cffunction.Request{Method: "GET", URI: "/", Header: http.Header{"Host": {"a"}}})
		if err == nil || !strings.Contains(err.Error(), "FunctionValidationError") {
			t.Errorf("%s: got %v, want CloudFront's 502", code, err)
		}
	}
}

func TestViewerRequest_keeps_the_lines_of_the_code(t *testing.T) {
	if source := (edge.ViewerRequest{Code: redirect, RequireHash: true}).Source(); !strings.HasPrefix(source, redirect) {
		t.Errorf("got %s, want the code first", source)
	}
}

func TestViewerRequest_is_OriginalHost_without_steps(t *testing.T) {
	if (edge.ViewerRequest{}).Source() != edge.OriginalHost {
		t.Error("got another source than original_host.js")
	}
}

// What steps are put into is so short that a source is no longer than that of its handler with comments.
func TestViewerRequest_adds_little_to_its_steps(t *testing.T) {
	const handler, atMost = "function handler(event) { return event.request; }", 290
	if size := len(edge.ViewerRequest{Handler: handler}.Source()) - len(handler); size > atMost {
		t.Errorf("got %d bytes around a handler, want at most %d", size, atMost)
	}
	for name, handler := range map[string]string{"files": edge.DirectoryIndex, "an app": edge.SinglePageApp} {
		if size := len(edge.ViewerRequest{Handler: handler}.Source()); size > len(handler) {
			t.Errorf("%s: got %d bytes, want at most %d", name, size, len(handler))
		}
	}
}

func TestViewerRequest_leaves_the_room_for_code_that_the_docs_state(t *testing.T) {
	left := func(v edge.ViewerRequest) float64 {
		v.Code = "\n"
		return math.Floor(float64(functionSizeLimit-len(v.Source()))/100) / 10 // KB
	}
	alone, all := left(edge.ViewerRequest{}), left(edge.ViewerRequest{RejectDefaultDomain: true, Authorization: authorizing("read", "write").Authorization, RequireHash: true})
	docs, err := os.ReadFile(filepath.Join("..", "docs", "library.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("of which %v are for your file, or %v with all other steps", alone, all); !strings.Contains(string(docs), want) {
		t.Errorf("got no %q in docs/library.md: correct it, and the comment of infra.OriginalHostProps", want)
	}
}
