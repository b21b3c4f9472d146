package shapes

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestPublic_handler_answers_whoever_asks(t *testing.T) {
	e := serve(t, shape("Public"))
	for name, host := range map[string]string{"through CloudFront": "www.example.com", "at its own URL": e.FunctionURLs[0].Host} {
		t.Run(name, func(t *testing.T) {
			got := e.send(t, http.MethodPost, "/a%2Fb?q=1&q=2", "größer", "Host", host, "Content-Type", "text/plain")
			if got.status != http.StatusCreated {
				t.Fatalf("got %d %s, want 201", got.status, got.body)
			}
			said := read[seen](t, got)
			if said.Method != http.MethodPost || said.Path != "/a%2Fb" || said.Query != "q=1&q=2" || said.Body != "größer" {
				t.Errorf("got %+v", said)
			}
			if got := got.header.Get("X-Greeting"); got != "hello from the environment" {
				t.Errorf("got X-Greeting %q, want that of the environment", got)
			}
			if got := got.header.Values("Set-Cookie"); !slices.Equal(got, []string{"a=1", "b=2"}) {
				t.Errorf("got Set-Cookie %q, want two", got)
			}
		})
	}
	inspecting := func(l line) bool { return strings.HasPrefix(l.Msg, "inspecting ") }
	eventually(t, "a line of the handler for each request", func() bool { return len(e.log.lines(t, inspecting)) == 2 })
}

func TestPublic_URL_answers_preflights_for_the_allowed_origin_only(t *testing.T) {
	e := serve(t, shape("Public"))
	for origin, want := range map[string]string{"https://app.example.com": "https://app.example.com", "https://evil.example.com": ""} {
		got := e.send(t, http.MethodOptions, "/", "", "Host", e.FunctionURLs[0].Host, "Origin", origin, "Access-Control-Request-Method", "POST")
		if allowed := got.header.Get("Access-Control-Allow-Origin"); got.status != http.StatusOK || allowed != want {
			t.Errorf("%s: got %d and Access-Control-Allow-Origin %q, want 200 and %q", origin, got.status, allowed, want)
		}
		if methods := got.header.Get("Access-Control-Allow-Methods"); (methods == "GET,POST") != (want != "") {
			t.Errorf("%s: got Access-Control-Allow-Methods %q", origin, methods)
		}
	}
	if got := e.log.lines(t, func(l line) bool { return strings.HasPrefix(l.Msg, "inspecting ") }); len(got) > 0 {
		t.Errorf("got %v, want no handler run by a preflight", got)
	}
	got := e.get(t, "/", "Host", e.FunctionURLs[0].Host, "Origin", "https://app.example.com")
	if exposed := got.header.Get("Access-Control-Expose-Headers"); exposed != "x-greeting" {
		t.Errorf("got Access-Control-Expose-Headers %q, want x-greeting", exposed)
	}
}
