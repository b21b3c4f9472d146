package cloudfront

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLambdaEdge_replaces_the_body(t *testing.T) {
	for _, c := range []struct{ encoding, data, want string }{
		{"text", "new", "new"},
		{"base64", "AP8=", "\x00\xff"},
		{"", "AP8=", "\x00\xff"},
		{"base64", "", ""},
		{"text", strings.Repeat("b", 1<<20), strings.Repeat("b", 1<<20)},
	} {
		origin := &seen{}
		config := testConfig(origin)
		config.Default.Edge = atOrigin(replaceBody(c.encoding, c.data))
		d, log := mustNew(t, config)
		ask(t, d, "PUT", "/", "the viewer's")
		if string(origin.body) != c.want || origin.request.ContentLength != int64(len(c.want)) {
			t.Errorf("%q: the origin got %d bytes: %s", c.encoding, len(origin.body), log)
		}
	}
}

func TestLambdaEdge_can_not_replace_the_body_by_one_that_is_too_long(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.Edge = atOrigin(replaceBody("text", strings.Repeat("b", 1<<20+1)))
	d, log := mustNew(t, config)
	if got := ask(t, d, "PUT", "/", "the viewer's").StatusCode; got != 502 || origin.count != 0 || !strings.Contains(log.String(), "accepts 1048576 at origin-request") {
		t.Errorf("%d: %s", got, log)
	}
}

func replaceBody(encoding, data string) edgeFunc {
	return func(cf map[string]any) (any, error) {
		r := requestOf(cf)
		r["body"] = map[string]any{"action": "replace", "encoding": encoding, "data": data}
		return r, nil
	}
}

func TestLambdaEdge_does_not_see_the_body_of_a_DELETE(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	var shown any
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) {
		shown = requestOf(cf)["body"]
		return requestOf(cf), nil
	})
	d, _ := mustNew(t, config)
	ask(t, d, "DELETE", "/", "body")
	want := map[string]any{"action": "read-only", "data": "", "encoding": "base64", "inputTruncated": false}
	if diff := cmp.Diff(want, shown); diff != "" || string(origin.body) != "body" {
		t.Errorf("the origin got %q; %s", origin.body, diff)
	}
}
