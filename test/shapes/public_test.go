package shapes

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestPublic_handler_serves_everybody(t *testing.T) {
	e := serve(t, shape("Public"))
	for name, host := range map[string]string{"through CloudFront": "www.localhost", "at its own URL": e.functionURL(t).Hosts[0]} {
		t.Run(name, func(t *testing.T) {
			got := e.send(t, http.MethodPost, "/a%2Fb?q=1&q=2", "größer", "Host", host, "Content-Type", "text/plain")
			if got.status != http.StatusCreated {
				t.Fatalf("got %d %s, want 201", got.status, got.body)
			}
			saw := read[seen](t, got)
			if saw.Method != http.MethodPost || saw.Path != "/a%2Fb" || saw.Query != "q=1&q=2" || saw.Body != "größer" {
				t.Errorf("got %+v", saw)
			}
			if got := got.header.Get("X-Greeting"); got != "hello from the environment" {
				t.Errorf("got X-Greeting %q, want the environment variable's", got)
			}
			if got := got.header.Values("Set-Cookie"); !slices.Equal(got, []string{"a=1", "b=2"}) {
				t.Errorf("got Set-Cookie %q, want two", got)
			}
		})
	}
	inspecting := func(l line) bool { return strings.HasPrefix(l.Msg, "inspecting ") }
	eventually(t, "a line of the handler for each request", func() bool { return len(e.log.lines(t, inspecting)) == 2 })
}

func TestPublic_URL_allows_preflights_of_the_allowed_origin_only(t *testing.T) {
	e := serve(t, shape("Public"))
	for origin, want := range map[string]string{"https://app.example.com": "https://app.example.com", "https://evil.example.com": ""} {
		got := e.send(t, http.MethodOptions, "/", "", "Host", e.functionURL(t).Hosts[0], "Origin", origin, "Access-Control-Request-Method", "POST")
		if allowed := got.header.Get("Access-Control-Allow-Origin"); got.status != http.StatusOK || allowed != want {
			t.Errorf("%s: got %d and Access-Control-Allow-Origin %q, want 200 and %q", origin, got.status, allowed, want)
		}
		if methods := got.header.Get("Access-Control-Allow-Methods"); (methods == "GET,POST") != (want != "") {
			t.Errorf("%s: got Access-Control-Allow-Methods %q", origin, methods)
		}
	}
	if got := e.log.lines(t, func(l line) bool { return strings.HasPrefix(l.Msg, "inspecting ") }); len(got) > 0 {
		t.Errorf("got %v, want no handler to run for a preflight", got)
	}
	got := e.get(t, "/", "Host", e.functionURL(t).Hosts[0], "Origin", "https://app.example.com")
	if exposed := got.header.Get("Access-Control-Expose-Headers"); exposed != "x-greeting" {
		t.Errorf("got Access-Control-Expose-Headers %q, want x-greeting", exposed)
	}
}
