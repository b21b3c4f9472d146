package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestViewerHash_streams_bodies_with_their_hash(t *testing.T) {
	assembly := localtest.Synthesize(t)
	if templates, err := filepath.Glob(filepath.Join(assembly, "*.template.json")); err != nil || len(templates) != 1 {
		t.Errorf("got templates %v (%v), want one stack", templates, err)
	}
	edge := localtest.Serve(t, localtest.Build(t), assembly)
	const body = "hello world"
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])

	for name, test := range map[string]struct {
		method, body, hash string
		status             int
		want               string
	}{
		"a body with its hash":                {"POST", body, hash, 200, "hello\nworld\n"},
		"its hash in upper case":              {"PUT", body, strings.ToUpper(hash), 200, "hello\nworld\n"},
		"a DELETE with a body and its hash":   {"DELETE", body, hash, 200, "hello\nworld\n"},
		"a body with another hash":            {"POST", "hello worlds", hash, 403, "The request signature we calculated does not match"},
		"a body without a hash":               {"POST", body, "", 411, readmeSentence(t)},
		"a DELETE with a body without a hash": {"DELETE", body, "", 411, readmeSentence(t)},
		"UNSIGNED-PAYLOAD":                    {"PATCH", body, "UNSIGNED-PAYLOAD", 411, readmeSentence(t)},
		"an empty body":                       {"POST", "", "", 200, ""},
		"no body":                             {"GET", "", "", 200, ""},
		"a DELETE without a body":             {"DELETE", "", "", 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			status, got := send(t, test.method, edge.URL, strings.NewReader(test.body), test.hash)
			if status != test.status || !strings.Contains(got, test.want) {
				t.Errorf("got %d %s, want %d %s", status, got, test.status, test.want)
			}
		})
	}
	t.Run("docs/clients.md", func(t *testing.T) { checkDocs(t, edge) })
	t.Run("docs/clients.md, signed URLs and cookies", func(t *testing.T) { checkSigners(t, assembly) })
	t.Run("a body of unknown length without a hash", func(t *testing.T) {
		if status, got := send(t, "POST", edge.URL, io.MultiReader(strings.NewReader(body)), ""); status != 411 {
			t.Errorf("got %d %s, want 411", status, got)
		}
	})
	t.Run("a body of unknown length with its hash", func(t *testing.T) {
		if status, got := send(t, "POST", edge.URL, io.MultiReader(strings.NewReader(body)), hash); status != 200 || got != "hello\nworld\n" {
			t.Errorf("got %d %s, want 200 and both words", status, got)
		}
	})
}

// send returns the status and the body of the response to a request, which has a
// hash unless that is empty.
func send(t *testing.T, method, url string, body io.Reader, hash string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, url+"/", body)
	if err != nil {
		t.Fatal(err)
	}
	if hash != "" {
		request.Header.Set("X-Amz-Content-Sha256", hash)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(got)
}

// readmeSentence returns the response that the README shows.
func readmeSentence(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(readme)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "{") && json.Valid([]byte(line)) {
			return line
		}
	}
	t.Fatal("the README shows no response")
	return ""
}
