package bucket

import (
	"net/http"
	"os"
	"testing"
)

func TestBucket_applies_deployments_in_order(t *testing.T) {
	first := Layer{Dirs: []string{
		tree(t, map[string]string{"a": "first a", "b": "first b", "x/a": "first x/a", "x/skip.map": "first map"}),
		tree(t, map[string]string{"b": "second source b"}),
	}}
	over := Layer{
		Dirs: []string{tree(t, map[string]string{"a": "over a", "skip.map": "over map", "keep.map": "over keep"})}, Prefix: "x/",
		Exclude: []string{"*.map"}, Include: []string{"keep.*"},
		Header: http.Header{"Content-Type": {"text/x-own"}, "X-Amz-Meta-By": {"us"}},
	}
	pruning := over
	pruning.Prune = true
	pruning.Dirs = []string{tree(t, map[string]string{"b": "pruning b"})}
	tests := []struct {
		name   string
		layers []Layer
		want   map[string]string // by key; empty for none
	}{
		{"one layer, later sources win", []Layer{first}, map[string]string{"a": "first a", "b": "second source b", "x/a": "first x/a", "c": ""}},
		{"a prefix and filters", []Layer{first, over}, map[string]string{
			"a": "first a", "x/a": "over a", "x/skip.map": "first map", "x/keep.map": "over keep", "skip.map": "", "x": "",
		}},
		{"pruning removes what earlier layers put below its prefix, but what it excludes", []Layer{first, over, pruning}, map[string]string{
			"a": "first a", "x/a": "", "x/b": "pruning b", "x/skip.map": "first map",
		}},
		{"what comes after pruning stays", []Layer{pruning, over}, map[string]string{"x/a": "over a", "x/b": "pruning b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, _ := newBucket(t, listPolicy, test.layers...)
			for key, content := range test.want {
				resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/"+key)))
				if content == "" {
					want(t, resp, body, http.StatusNotFound, "NoSuchKey")
					continue
				}
				want(t, resp, body, http.StatusOK, content)
				if content == "over a" && (resp.Header.Get("Content-Type") != "text/x-own" || resp.Header.Get("X-Amz-Meta-By") != "us") {
					t.Errorf("%s lacks the metadata of its deployment: %v", key, resp.Header)
				}
			}
		})
	}
}

func TestBucket_serves_a_directory_that_was_rebuilt(t *testing.T) {
	dir := tree(t, map[string]string{"a": "old"})
	b, _ := newBucket(t, listPolicy, Layer{Dirs: []string{dir}})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/a")))
	want(t, resp, body, http.StatusNotFound, "NoSuchKey")
	if err := os.Rename(tree(t, map[string]string{"a": "new"}), dir); err != nil {
		t.Fatal(err)
	}
	resp, body = send(t, b, signed(t, request(t, http.MethodGet, "/a")))
	want(t, resp, body, http.StatusOK, "new")
}

func TestMediaType_is_what_the_AWS_CLI_guesses(t *testing.T) {
	for key, want := range map[string]string{
		"index.html": "text/html", "a/b.CSS": "text/css", "app.js": "text/javascript", "i.svg": "image/svg+xml",
		"x.json": "application/json", "f.woff2": "font/woff2", "none": "binary/octet-stream", "x.nosuchtype": "binary/octet-stream",
	} {
		if got := mediaType(key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
}
