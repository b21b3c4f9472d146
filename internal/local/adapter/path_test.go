package adapter

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

// sent returns the target of the request line, as net/http writes it.
func sent(t *testing.T, path, query string) string {
	t.Helper()
	req := &http.Request{Method: http.MethodGet, URL: newURL("127.0.0.1:1", path, query), Host: "a"}
	var b strings.Builder
	if err := req.Write(&b); err != nil {
		t.Fatalf("%q?%q: %v", path, query, err)
	}
	line, _, _ := strings.Cut(b.String(), "\r\n")
	return strings.TrimSuffix(strings.TrimPrefix(line, "GET "), " HTTP/1.1")
}

// FuzzNewURL checks that what a server parses of a request line is the path of
// the event, and that a second pass changes nothing.
func FuzzNewURL(f *testing.F) {
	for _, seed := range []string{"/", "//a//b", "/a/../b", "/%2e%2E/c", `/a\b`, "/ü |^`", "a b", "/.", "", "/%zz", "///.."} {
		f.Add(seed, "q=1&ü='")
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		if strings.ContainsAny(path, "|^\"`<>{}\\") && strings.HasPrefix(normalizePath(path), "//") {
			t.Skip("net/http encodes these in a path that begins with two slashes")
		}
		once := sent(t, path, query)
		if !strings.HasPrefix(once, "/") {
			t.Fatalf("the target of %q is %q", path, once)
		}
		p, q, _ := strings.Cut(once, "?")
		if twice := sent(t, p, q); twice != once {
			t.Errorf("%q?%q becomes %q, and then %q", path, query, once, twice)
		}
		for _, segment := range strings.Split(p, "/") {
			if s := strings.ReplaceAll(strings.ToLower(segment), "%2e", "."); s == "." || s == ".." {
				t.Errorf("%q becomes %q", path, p)
			}
		}
		if _, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + once + " HTTP/1.1\r\nHost: a\r\n\r\n"))); err != nil && !strings.Contains(err.Error(), "invalid URL escape") {
			t.Errorf("%q?%q becomes %q, which servers don't read: %v", path, query, once, err)
		}
	})
}

// A path that a server got, and that needs no change, reaches the app as it is.
func FuzzNormalizePath_keeps_paths_of_servers(f *testing.F) {
	f.Add("/a%20b/%C3%BC/c;d=e")
	f.Fuzz(func(t *testing.T, path string) {
		req, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET /" + path + " HTTP/1.1\r\nHost: a\r\n\r\n")))
		if err != nil {
			t.Skip("no request")
		}
		escaped := req.URL.EscapedPath()
		if strings.Contains(escaped, ".") || strings.Contains(strings.ToLower(escaped), "%2e") || encode(escaped, " \"<>`#?{}") != escaped || strings.Contains(escaped, `\`) {
			t.Skip("needs a change")
		}
		if got := normalizePath(escaped); got != escaped {
			t.Errorf("%q becomes %q", escaped, got)
		}
	})
}
