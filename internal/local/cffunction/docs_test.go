package cffunction

import (
	"log/slog"
	"os"
	"regexp"
	"testing"
)

func TestFunction_runs_the_redirects_that_docs_library_shows(t *testing.T) {
	page, err := os.ReadFile("../../../docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```js\n(import cf .*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("docs/library.md shows no viewerRequest")
	}
	f, err := New(Config{
		Name:          "demo",
		Code:          string(block[1]) + "const handler = viewerRequest;",
		KeyValueStore: map[string]string{"/media/index.mpd": "/media/new.mpd"},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	result, err := f.ViewerRequest(t.Context(), request())
	if err != nil || result.Response == nil || result.Response.StatusCode != 301 || result.Response.Header.Get("Location") != "/media/new.mpd" {
		t.Errorf("got %+v (%v), want a redirect to the value of the store", result, err)
	}
	other := request()
	other.URI = "/"
	if result, err := f.ViewerRequest(t.Context(), other); err != nil || result.Response != nil {
		t.Errorf("got %+v (%v) for a path that the store hasn't, want the request", result, err)
	}
}
