package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

func TestDownload_ends_with_the_checksum_of_what_came_before(t *testing.T) {
	url := serve(t, pace{})
	for _, size := range []int{checksumLine + 1, checksumLine + 2, 100, checksumLine + 16, 1000, 32<<10 + checksumLine, 32<<10 + checksumLine + 1, 1 << 20} {
		got := send(t, "GET", url+"/download?size="+strconv.Itoa(size), "", nil).body
		if len(got) != size {
			t.Fatalf("size %d: got %d bytes", size, len(got))
		}
		content := got[:size-checksumLine]
		sum := sha256.Sum256([]byte(content))
		if want := "sha256 " + hex.EncodeToString(sum[:]) + "\n"; got[len(content):] != want || !strings.HasSuffix(content, "\n") {
			t.Errorf("size %d: it ends with %q, want a line break and %q", size, got[max(0, len(content)-5):], want)
		}
	}
}

func TestDownload_is_numbered_lines(t *testing.T) {
	got := send(t, "GET", serve(t, pace{})+"/download", "", nil)
	if len(got.body) != defaultDownload || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("got %d bytes as %s, want 1 MB of text", len(got.body), got.Header.Get("Content-Type"))
	}
	lines := strings.Split(got.body, "\n")
	for i, line := range lines[:len(lines)-3] { // the last is cut, then come the checksum and nothing
		if n, err := strconv.Atoi(line); err != nil || n != i {
			t.Fatalf("line %d is %q", i, line)
		}
	}
}

func TestDownload_rejects_sizes_that_Lambda_or_the_checksum_does_not_allow(t *testing.T) {
	url := serve(t, pace{}) + "/download?size="
	for _, size := range []string{"0", "72", "-1", "1MB", "209715201"} {
		checkError(t, send(t, "GET", url+size, "", nil), 400, `size is "`+size+`": use a whole number from 73 to 209715200`)
	}
	if got := send(t, "HEAD", url+"209715200", "", nil); got.StatusCode != 200 || got.body != "" {
		t.Errorf("HEAD: got %d %q", got.StatusCode, got.body)
	}
}

func TestDownload_stops_when_a_write_fails(t *testing.T) {
	w := &failing{httptest.NewRecorder(), 3}
	newHandler(pace{}).ServeHTTP(w, httptest.NewRequest("GET", "/download?size=209715200", nil))
	if w.left != 0 {
		t.Errorf("%d writes are left, want none after the first that failed", w.left)
	}
}

// A failing response takes as many writes as are left.
type failing struct {
	*httptest.ResponseRecorder
	left int
}

func (f *failing) Write(p []byte) (int, error) {
	if f.left == 0 {
		return 0, io.ErrClosedPipe
	}
	f.left--
	return len(p), nil
}
