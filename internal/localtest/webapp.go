package localtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// An echo is what the web apps of the examples respond to a POST: what they saw of
// it.
type echo struct {
	Host, Scheme, Address, Authorization string
	Length                               int
	SHA256                               string
}

// NeedPython skips the test if there is no Python for the web apps of the examples.
func NeedPython(t *testing.T) {
	t.Helper()
	if err := exec.Command("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))").Run(); err != nil {
		t.Skip("there is no Python 3.11 or later")
	}
}

// PostMegabyte posts a megabyte that isn't text to a path, whose app has to respond
// with all of its hash, and the viewer's host, scheme, address and Authorization.
func (e *Edge) PostMegabyte(t *testing.T, path string) {
	t.Helper()
	body := make([]byte, 1_000_000)
	rand.NewChaCha8([32]byte{}).Read(body)
	hash := sha256.Sum256(body)
	request, err := http.NewRequest(http.MethodPost, e.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer one")
	request.Header.Set("Content-Type", "application/octet-stream")
	// What a viewer could try to look like somebody else.
	request.Header.Set("X-Forwarded-For", "203.0.113.9")
	request.Header.Set("X-Forwarded-Host", "other.example")
	request.Header.Set("X-Original-Host", "other.example")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var got echo
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		t.Fatalf("got %s and %v, want an echo", response.Status, err)
	}
	// On AWS the scheme is always https. Without TLS, the local edge tells the truth.
	want := echo{strings.TrimPrefix(e.URL, "http://"), "http", "127.0.0.1", "Bearer one", len(body), hex.EncodeToString(hash[:])}
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// StreamAtOnce gets a path n times at once. Every response has to be want.
func (e *Edge) StreamAtOnce(t *testing.T, path string, n int, want string) {
	t.Helper()
	problems := make(chan error, n)
	var streams sync.WaitGroup
	for range n {
		streams.Go(func() { problems <- e.expect(path, want) })
	}
	streams.Wait()
	close(problems)
	for err := range problems {
		if err != nil {
			t.Error(err)
		}
	}
}

func (e *Edge) expect(path, want string) error {
	response, err := http.Get(e.URL + path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || string(got) != want {
		return fmt.Errorf("got %s, %q and %v, want %q", response.Status, got, err, want)
	}
	return nil
}
