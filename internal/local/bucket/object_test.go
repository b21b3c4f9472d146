package bucket

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestBucket_supports_conditions_and_ranges(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "0123456789", "empty": ""})
	modified := time.Date(2026, 11, 1, 12, 0, 0, 500, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a.txt"), modified, modified); err != nil {
		t.Fatal(err)
	}
	b, _ := newBucket(t, readPolicy, Layer{Dirs: []string{dir}})
	first, _ := send(t, b, signed(t, request(t, http.MethodGet, "/a.txt")))
	tag := first.Header.Get("Etag")
	const (
		at     = "Sun, 01 Nov 2026 12:00:00 GMT"
		before = "Sun, 01 Nov 2026 11:59:59 GMT"
	)
	tests := []struct {
		name   string
		path   string
		header []string
		status int
		body   string
		ranged string
	}{
		{"no condition", "/a.txt", nil, 200, "0123456789", ""},
		{"If-None-Match that matches", "/a.txt", []string{"If-None-Match", tag}, 304, "", ""},
		{"weak If-None-Match that matches", "/a.txt", []string{"If-None-Match", `"x", W/` + tag}, 304, "", ""},
		{"If-None-Match of anything", "/a.txt", []string{"If-None-Match", "*"}, 304, "", ""},
		{"If-None-Match that differs, over a date that would match", "/a.txt", []string{"If-None-Match", `"x"`, "If-Modified-Since", at}, 200, "0123456789", ""},
		{"If-None-Match that matches, over a date that would not", "/a.txt", []string{"If-None-Match", tag, "If-Modified-Since", before}, 304, "", ""},
		{"If-Modified-Since, not modified", "/a.txt", []string{"If-Modified-Since", at}, 304, "", ""},
		{"If-Modified-Since, modified", "/a.txt", []string{"If-Modified-Since", before}, 200, "0123456789", ""},
		{"If-Match that matches, over a date", "/a.txt", []string{"If-Match", tag, "If-Unmodified-Since", before}, 200, "0123456789", ""},
		{"If-Match that differs", "/a.txt", []string{"If-Match", `"x"`}, 412, "PreconditionFailed", ""},
		{"If-Unmodified-Since, modified", "/a.txt", []string{"If-Unmodified-Since", before}, 412, "PreconditionFailed", ""},
		{"first bytes", "/a.txt", []string{"Range", "bytes=0-3"}, 206, "0123", "bytes 0-3/10"},
		{"to the end", "/a.txt", []string{"Range", "bytes=8-"}, 206, "89", "bytes 8-9/10"},
		{"beyond the end", "/a.txt", []string{"Range", "bytes=8-99"}, 206, "89", "bytes 8-9/10"},
		{"last bytes", "/a.txt", []string{"Range", "bytes=-3"}, 206, "789", "bytes 7-9/10"},
		{"more last bytes than there are", "/a.txt", []string{"Range", "bytes=-99"}, 206, "0123456789", "bytes 0-9/10"},
		{"after the end", "/a.txt", []string{"Range", "bytes=10-"}, 416, "<RangeRequested>bytes=10-</RangeRequested><ActualObjectSize>10</ActualObjectSize>", ""},
		// versity/versitygw#1120: S3 ignores an invalid range.
		{"not a range", "/a.txt", []string{"Range", "bytes=invalid-range"}, 200, "0123456789", ""},
		{"another unit", "/a.txt", []string{"Range", "lines=0-1"}, 200, "0123456789", ""},
		{"a sign", "/a.txt", []string{"Range", "bytes=+1-2"}, 200, "0123456789", ""},
		{"several", "/a.txt", []string{"Range", "bytes=0-1,3-4"}, 200, "0123456789", ""},
		{"If-Range that holds", "/a.txt", []string{"Range", "bytes=0-1", "If-Range", tag}, 206, "01", "bytes 0-1/10"},
		{"If-Range of a date that holds", "/a.txt", []string{"Range", "bytes=0-1", "If-Range", at}, 206, "01", "bytes 0-1/10"},
		{"If-Range that does not hold", "/a.txt", []string{"Range", "bytes=0-1", "If-Range", `"x"`}, 200, "0123456789", ""},
		{"empty object", "/empty", nil, 200, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp, body := send(t, b, signed(t, request(t, http.MethodGet, test.path, test.header...)))
			want(t, resp, body, test.status, test.body)
			if got := resp.Header.Get("Content-Range"); got != test.ranged {
				t.Errorf("Content-Range is %q, want %q", got, test.ranged)
			}
			if test.status == http.StatusNotModified && (body != "" || resp.Header.Get("Etag") != tag) {
				t.Errorf("a 304 with body %q and ETag %s", body, resp.Header.Get("Etag"))
			}
		})
	}
}

func TestBucket_changes_the_entity_tag_with_the_file(t *testing.T) {
	dir := tree(t, map[string]string{"a": "one"})
	b, _ := newBucket(t, readPolicy, Layer{Dirs: []string{dir}})
	tag := func() string {
		resp, _ := send(t, b, signed(t, request(t, http.MethodGet, "/a")))
		return resp.Header.Get("Etag")
	}
	first := tag()
	if again := tag(); again != first {
		t.Errorf("the tag of one file is %s, then %s", first, again)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("three"), 0o644); err != nil {
		t.Fatal(err)
	}
	if changed := tag(); changed == first {
		t.Errorf("the tag stays %s when the file changes", changed)
	}
}
