package lambda

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestNode_runs_the_handler_that_docs_library_shows(t *testing.T) {
	page, err := os.ReadFile("../../../docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```js\n(exports\\.handler.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("docs/library.md shows no handler")
	}
	f, _ := newParallel(t, managed("nodejs22.x", "index.handler", code(t, map[string]string{"index.js": string(block[1])})))
	_, body := invoke(t, f, `{"headers":{"x-original-host":"shop.example.com"}}`)
	if !strings.Contains(body, `"content-type":"text/plain"`) || !strings.HasSuffix(body, "\x00hello shop.example.com\n") {
		t.Errorf("got %q, want a greeting of the viewer's host", body)
	}
}
