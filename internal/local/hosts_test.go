package local

import (
	"context"
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

// ask returns the status and body of the response to a request with a Host.
func ask(t *testing.T, h http.Handler, ctx context.Context, host string) (int, string) {
	t.Helper()
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	req.Host = host
	resp, body := do(t, h, req)
	return resp.StatusCode, body
}

var (
	one = build.Part{Handler: named("one"), Path: "One", Hosts: []string{"a.cloudfront.localhost", "d1.cloudfront.net", "WWW.example.com", "*.one.example.com"}}
	two = build.Part{Handler: named("two"), Path: "Two", Hosts: []string{"b.cloudfront.localhost"}}
	url = build.Part{Handler: named("url"), Path: "Url", Hosts: []string{"id.lambda-url.eu-west-1.localhost", "id.lambda-url.eu-west-1.on.aws"}}
)

// main returns a part as that of the main port.
func main(part build.Part) build.Part {
	part.Main = true
	return part
}

func TestHosts_route_by_name(t *testing.T) {
	h := newHosts([]build.Part{main(one), url}, []string{"Laptop.local", "*.tunnel.example"})
	for host, want := range map[string]string{
		"a.cloudfront.localhost":                  "one",
		"A.CloudFront.localhost:23875":            "one",
		"d1.cloudfront.net":                       "one",
		"www.example.com:80":                      "one",
		"x.y.one.example.com":                     "one",
		"id.lambda-url.eu-west-1.localhost:23875": "url",
		"id.lambda-url.eu-west-1.on.aws":          "url",
		"127.0.0.1:23875":                         "one",
		"192.168.1.2":                             "one",
		"[::1]:23875":                             "one",
		"[::1]":                                   "one",
		"[fe80::1%25eth0]:23875":                  "one",
		"localhost:23875":                         "one",
		"localhost:":                              "one", // RFC 3986 allows an empty port
		"[::1]:":                                  "one",
		"tenant.localhost":                        "one",
		"laptop.local:23875":                      "one",
		"abc.tunnel.example":                      "one",
		"":                                        "one",
	} {
		if status, body := ask(t, h, t.Context(), host); status != http.StatusOK || body != want {
			t.Errorf("%q: got %d %s, want %s", host, status, body, want)
		}
	}
}

// A web page can make its own name resolve to 127.0.0.1 and would then read
// whatever answers there.
func TestHosts_reject_names_of_other_machines(t *testing.T) {
	h := newHosts([]build.Part{main(one), url}, []string{"*.tunnel.example"})
	for host, want := range map[string]string{
		"evil.example":                         `the host "evil.example" isn't allowed: allow it with --host evil.example`,
		"evil.example:23875":                   "--host evil.example.",
		"localhost.evil.example":               "isn't allowed",
		"127.0.0.1.evil.example":               "isn't allowed",
		"evillocalhost":                        "isn't allowed",
		"one.example.com":                      "isn't allowed",
		"tunnel.example":                       "isn't allowed",
		"typo.execute-api.eu-west-1.localhost": `no REST API has the name "typo.execute-api.eu-west-1.localhost"`,
		"typo.lambda-url.eu-west-1.localhost":  `no function URL has the name "typo.lambda-url.eu-west-1.localhost"`,
	} {
		for _, ctx := range []context.Context{t.Context(), Bind(t.Context(), "Url"), Bind(t.Context(), "One")} {
			status, body := ask(t, h, ctx, host)
			if status != http.StatusMisdirectedRequest || !strings.Contains(body, want) || !strings.Contains(body, "\nwww.example.com\n") {
				t.Errorf("%q: got %d %s, want 421 with %q and the known names", host, status, body, want)
			}
		}
	}
}

func TestHosts_reject_what_is_no_host(t *testing.T) {
	h := newHosts([]build.Part{main(one)}, []string{"*"})
	for _, host := range []string{
		"[::1", "::1]", "[]", "[[::1]]", "[::1]]", "[::1]x", "[::1]:x", "[::1]:80:80", "[127.0.0.1]", "[localhost]", "[::g]",
		"::1", "a:b", "localhost:x", "localhost:-1", "localhost:65536", "localhost:80:80", "localhost:80]",
		"a[b", "WWW.example.com:x",
	} {
		if status, body := ask(t, h, t.Context(), host); status != http.StatusBadRequest || !strings.Contains(body, "is invalid: send a name") {
			t.Errorf("%q: got %d %s, want 400", host, status, body)
		}
	}
}

func TestHosts_of_several_distributions_need_a_name_or_a_bound_port(t *testing.T) {
	h := newHosts([]build.Part{one, two, url}, nil)
	if status, body := ask(t, h, t.Context(), "127.0.0.1:23875"); status != http.StatusMisdirectedRequest || !strings.Contains(body, "this port serves several parts") {
		t.Errorf("got %d %s, want 421", status, body)
	}
	for path, want := range map[string]string{"One": "one", "Two": "two", "Url": "url"} {
		if _, body := ask(t, h, Bind(t.Context(), path), "127.0.0.1:23876"); body != want {
			t.Errorf("bound to %s: got %s", path, body)
		}
	}
	alone := newHosts([]build.Part{main(url)}, nil)
	if _, body := ask(t, alone, t.Context(), "127.0.0.1:23875"); body != "url" {
		t.Errorf("got %s, want the only function URL", body)
	}
	if _, body := ask(t, h, Bind(t.Context(), "Url"), "b.cloudfront.localhost:23876"); body != "two" {
		t.Errorf("got %s, want the distribution that the Host names", body)
	}
	if status, body := ask(t, h, Bind(t.Context(), "Gone"), "127.0.0.1:23876"); status != http.StatusMisdirectedRequest || !strings.Contains(body, "Gone isn't served any more") {
		t.Errorf("got %d %s, want 421", status, body)
	}
}

// do serves a request and returns the response with its body.
func do(t *testing.T, handler http.Handler, req *http.Request) (*http.Response, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, req)
	return recorder.Result(), recorder.Body.String()
}
