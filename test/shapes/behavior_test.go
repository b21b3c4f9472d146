package shapes

import (
	"net/http"
	"strings"
	"testing"
)

func TestBehaviors_select_origins_by_path(t *testing.T) {
	e := serve(t, shape("Behavior"))
	for path, want := range map[string]struct{ function, origin string }{
		"/":            {"First", ""},
		"/secondary":   {"First", ""},
		"/second/":     {"Second", "second"},
		"/second/item": {"Second", "second"},
	} {
		got := e.get(t, path)
		if got.status != http.StatusOK {
			t.Fatalf("%s: got %d %s, want 200", path, got.status, got.body)
		}
		saw := read[seen](t, got)
		if !strings.Contains(saw.Function, want.function) || saw.Headers["x-origin-name"] != want.origin {
			t.Errorf("%s: got %+v, want function %s and X-Origin-Name %q", path, saw, want.function, want.origin)
		}
	}
	if got := e.send(t, http.MethodPost, "/second/item", ""); got.status != http.StatusForbidden {
		t.Errorf("POST: got %d, want 403 from a behavior that allows GET and HEAD", got.status)
	}
}

func TestBehaviors_forward_what_their_policies_list(t *testing.T) {
	e := serve(t, shape("Behavior"))
	got := e.get(t, "/policies/?page=2&q=cats&utm=x",
		"X-Wanted", "yes", "X-Unwanted", "no", "Cookie", "session=1; tracking=2", "CloudFront-Viewer-Address", "spoofed")
	if got.status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	saw := read[seen](t, got)
	if saw.Query != "page=2&q=cats" || len(saw.Cookies) != 1 || saw.Cookies[0] != "session=1" {
		t.Errorf("got query %q and cookies %q, want those of the policies", saw.Query, saw.Cookies)
	}
	if saw.Headers["x-wanted"] != "yes" || saw.Headers["x-unwanted"] != "" {
		t.Errorf("got headers %v, want X-Wanted only", saw.Headers)
	}
	if got := saw.Headers["cloudfront-viewer-address"]; !strings.HasPrefix(got, "127.0.0.1:") {
		t.Errorf("got CloudFront-Viewer-Address %q, want the viewer's", got)
	}
	for name, want := range map[string]string{"X-Policy": "response", "X-Content-Type-Options": "nosniff", "X-Secret": ""} {
		if got := got.header.Get(name); got != want {
			t.Errorf("got %s %q, want %q", name, got, want)
		}
	}
}

func TestBehaviors_can_route_with_a_key_value_store(t *testing.T) {
	e := serve(t, shape("Behavior"))
	for path, want := range map[string]string{"/routes/home": "/index.html", "/routes/cats": "/animals/cats"} {
		got := e.get(t, path)
		if saw := read[seen](t, got); saw.Path != want {
			t.Errorf("%s: got %d and path %s, want %s", path, got.status, saw.Path, want)
		}
	}
	got := e.get(t, "/routes/dogs")
	if got.status != http.StatusForbidden || got.body != "no route dogs" {
		t.Errorf("got %d %q, want the function's 403", got.status, got.body)
	}
	logged := func(l line) bool { return l.Source == "Router" && l.Msg == "routed cats to /animals/cats" }
	if got := len(e.log.lines(t, logged)); got != 1 {
		t.Errorf("got %d lines of the router about cats, want one", got)
	}
}

func TestBehaviors_serve_custom_error_pages(t *testing.T) {
	e := serve(t, shape("Behavior"))
	got := e.get(t, "/missing/cat")
	if got.status != http.StatusOK {
		t.Fatalf("got %d %s, want the 200 of the custom error response", got.status, got.body)
	}
	saw := read[seen](t, got)
	if saw.Path != "/second/gone.html" || !strings.Contains(saw.Function, "Second") {
		t.Errorf("got %+v, want /second/gone.html of the second function", saw)
	}
}
