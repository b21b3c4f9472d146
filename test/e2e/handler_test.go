package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// handlers returns the process ids of the edge's Go handlers.
func handlers(t *testing.T, e *localtest.Edge) []int {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("finds the handlers in Linux's /proc")
	}
	var found []int
	for _, pid := range localtest.Children(e.Process.Process.Pid) {
		name, err := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		if err == nil && strings.TrimSpace(string(name)) == "bootstrap" {
			n, _ := strconv.Atoi(pid)
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		t.Fatal("the edge runs no handler")
	}
	return found
}

// peak returns the most memory that a process has had, in KB.
func peak(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes
}

func TestHandler_streams_200_MB_and_takes_uploads_in_64_MB(t *testing.T) {
	e := serve(t, built.assembly)
	checkDownload(t, e.URL+"/download?size=209715200", 200<<20)
	small, large := random(t, 700_000), random(t, 4_400_000) // 6 MB in base64
	for range 4 {
		checkUpload(t, e.URL, "application/octet-stream", large)
		checkUpload(t, e.URL, "application/x-www-form-urlencoded", []byte(url.Values{"file": {string(small)}, "note": {"größe"}}.Encode()[:1_000_000]))
		var form bytes.Buffer
		writer := multipart.NewWriter(&form)
		file, _ := writer.CreateFormFile("file", "large.bin")
		file.Write(large)
		writer.Close()
		checkUpload(t, e.URL, writer.FormDataContentType(), form.Bytes())
	}
	for _, pid := range handlers(t, e) {
		if got := peak(t, pid); got > 64<<10 {
			t.Errorf("the handler took %d KB, want at most 64 MB", got)
		} else {
			t.Logf("the handler took %d KB", got)
		}
	}
}

// checkDownload compares a download with the checksum in its last line.
func checkDownload(t *testing.T, url string, size int64) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	const lastLine = len("sha256 ") + 64 + 1
	sum := sha256.New()
	n, err := io.CopyN(sum, response.Body, size-int64(lastLine))
	if err != nil {
		t.Fatalf("the download ends after %d bytes: %v", n, err)
	}
	last, err := io.ReadAll(response.Body)
	if want := "sha256 " + hex.EncodeToString(sum.Sum(nil)) + "\n"; string(last) != want || err != nil {
		t.Errorf("the last line is %q (%v), want %q", last, err, want)
	}
}

// checkUpload posts a body to /upload, which has to count and hash all of it.
func checkUpload(t *testing.T, base, contentType string, body []byte) {
	t.Helper()
	response, got := send(t, http.MethodPost, base+"/upload", body, "Content-Type", contentType, "X-Amz-Content-Sha256", hash(body))
	lines := bytes.Split(bytes.TrimSpace(got), []byte("\n"))
	var last struct {
		Event, SHA256 string
		Bytes         int
	}
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: got %d %q (%v)", contentType, response.StatusCode, got, err)
	}
	if last.Event != "end" || last.Bytes != len(body) || last.SHA256 != hash(body) || len(lines) < 3 {
		t.Errorf("%s: the last of %d lines is %s, want progress and then %d bytes and their hash", contentType, len(lines), lines[len(lines)-1], len(body))
	}
}

func TestHandler_that_panics_in_a_stream_serves_the_next_request(t *testing.T) {
	assembly, executable := replaceable(t)
	if err := localtest.Run(root, []string{"CGO_ENABLED=0"}, "go", "build", "-tags", "lambda.norpc", "-o", executable, "./functions/streamhttp/testdata/faulty"); err != nil {
		t.Fatal(err)
	}
	e := serve(t, assembly)
	seen := map[int]bool{}
	for range 5 {
		response, got := send(t, http.MethodGet, e.URL+"/panic-after", nil)
		if response.StatusCode != http.StatusOK || string(got) != "first" {
			t.Errorf("the stream that panics: got %d %q, want what was sent before, as on AWS", response.StatusCode, got)
		}
		response, got = send(t, http.MethodGet, e.URL+"/panic-before", nil)
		if response.StatusCode != http.StatusInternalServerError || string(got) != "Internal Server Error\n" {
			t.Errorf("a panic before the first byte: got %d %q, want a clean 500", response.StatusCode, got)
		}
		response, got = send(t, http.MethodGet, e.URL+"/fine", nil)
		if response.StatusCode != http.StatusNotFound || string(got) != "404 page not found\n" {
			t.Errorf("the next request: got %d %q, want the handler's 404", response.StatusCode, got)
		}
		for _, pid := range handlers(t, e) {
			seen[pid] = true
		}
	}
	// On a busy machine there may be two: the second request begins before the first
	// one's process is back.
	if running := handlers(t, e); len(running) != len(seen) {
		t.Errorf("the requests were served by %v, and %v are left, want all to go on", seen, running)
	}
	e.WaitForLog(t, "boom after", "PanicError")
}
