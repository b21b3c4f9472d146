package local

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// named responds with its own name.
func named(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, name) })
}

func TestHosts_sends_requests_to_what_their_Host_names(t *testing.T) {
	both := map[string]http.Handler{"a.cloudfront.localhost": named("a"), "id.lambda-url.eu-west-1.localhost": named("url")}
	tests := []struct {
		host  string
		other http.Handler
		want  string
	}{
		{"a.cloudfront.localhost", nil, "a"},
		{"a.cloudfront.localhost:8080", nil, "a"},
		{"A.CloudFront.localhost:8080", nil, "a"},
		{"id.lambda-url.eu-west-1.localhost:8080", named("other"), "url"},
		{"127.0.0.1:8080", named("other"), "other"},
		{"[::1]:8080", named("other"), "other"},
		{"www.example.com", named("other"), "other"},
		{"", named("other"), "other"},
	}
	for _, test := range tests {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Host = test.host
		if resp, body := do(t, &hosts{byName: both, other: test.other}, req); resp.StatusCode != http.StatusOK || body != test.want {
			t.Errorf("%s: got %d %s, want %s", test.host, resp.StatusCode, body, test.want)
		}
	}
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Host = "typo.lambda-url.eu-west-1.localhost"
	if resp, _ := do(t, &hosts{byName: both, other: named("other")}, req); resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("got %d for an unknown function URL, want 421: it is not the distribution", resp.StatusCode)
	}
	req = httptest.NewRequest(http.MethodGet, "/", nil)
	req.Host = "nobody.example.com"
	resp, body := do(t, &hosts{byName: both}, req)
	if resp.StatusCode != http.StatusMisdirectedRequest || !strings.Contains(body, `"nobody.example.com"`) || !strings.Contains(body, "a.cloudfront.localhost\nid.lambda-url") {
		t.Errorf("got %d %s, want 421 with the known names", resp.StatusCode, body)
	}
}

func TestHosts_gives_other_names_to_the_only_distribution(t *testing.T) {
	one := []build.Distribution{{Handler: named("one"), Hosts: []string{"a.cloudfront.localhost", "WWW.example.com"}}}
	h := newHosts(one, nil)
	if h.other == nil {
		t.Error("the only distribution doesn't serve other names")
	}
	for _, name := range []string{"a.cloudfront.localhost", "www.example.com"} {
		if h.byName[name] == nil {
			t.Errorf("the distribution doesn't serve %s", name)
		}
	}
	two := append(one, build.Distribution{Handler: named("two"), Hosts: []string{"b.cloudfront.localhost"}})
	if h := newHosts(two, nil); h.other != nil || len(h.byName) != 3 {
		t.Errorf("two distributions: other names go to %v, known are %v", h.other, h.byName)
	}
}

// do serves a request and returns the response with its body.
func do(t *testing.T, handler http.Handler, req *http.Request) (*http.Response, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, req)
	return recorder.Result(), recorder.Body.String()
}
