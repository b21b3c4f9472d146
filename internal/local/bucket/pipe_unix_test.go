//go:build unix

package bucket

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestBucket_does_not_wait_for_a_pipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	b, _ := newBucket(t, listPolicy, Layer{Dirs: []string{filepath.Dir(pipe)}})
	req := signed(t, request(t, http.MethodGet, "/pipe"))
	answered := make(chan *http.Response, 1)
	go func() {
		resp, _ := b.RoundTrip(req)
		answered <- resp
	}()
	select {
	case resp := <-answered:
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("got %d, want 404", resp.StatusCode)
		}
		resp.Body.Close()
	case <-time.After(5 * time.Second):
		t.Error("the bucket waits for a writer of the pipe")
		if writer, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			writer.Close()
		}
		(<-answered).Body.Close()
	}
}
