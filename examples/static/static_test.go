package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestStatic_serves_a_site_and_a_streaming_API(t *testing.T) {
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	for path, want := range map[string]string{
		"/":                          "<title>Poems</title>",
		"/about/":                    "<title>About</title>",
		"/about":                     "<title>About</title>", // redirected
		"/assets/poem-4f1c09ab.js":   "fetch('/api/poem'",
		"/assets/style-7d31c0fe.css": "body {",
	} {
		if got := localtest.Get(t, edge.URL+path); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", path, got, want)
		}
	}
	if got := localtest.Post(t, edge.URL+"/api/poem", "name=Ada"); !strings.HasPrefix(got, "For Ada\nRoses") || !strings.HasSuffix(got, "is due.") {
		t.Errorf("got %q, want a poem for Ada", got)
	}
	localtest.Stream(t, edge.URL+"/api/poem?name=Ada", 300*time.Millisecond)

	for _, test := range []struct {
		path, header, want string
		status             int
	}{
		{"/", "Cache-Control", "public, max-age=0, must-revalidate", http.StatusOK},
		{"/assets/poem-4f1c09ab.js", "Cache-Control", "public, max-age=31536000, immutable", http.StatusOK},
		{"/missing.png", "Content-Type", "application/xml", http.StatusNotFound},
		{"/api/missing", "Content-Type", "text/plain; charset=utf-8", http.StatusNotFound},
	} {
		response, err := http.Get(edge.URL + test.path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get(test.header); response.StatusCode != test.status || got != test.want {
			t.Errorf("%s: got %s and %s %q, want %d and %q", test.path, response.Status, test.header, got, test.status, test.want)
		}
	}
}
