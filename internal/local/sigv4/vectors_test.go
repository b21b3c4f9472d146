package sigv4

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The vectors that cannot verify, with the reason. A test fails when one
// begins to, so that the list stays true.
var unverifiable = map[string]string{
	"get-header-value-multiline": "joins the lines of a folded header with commas; net/http joins them with spaces, and RFC 9112 forbids folding",
	"get-space-normalized":       "signs a raw path escaped once; on the wire a path is escaped already, and every service but S3 has it escaped again",
	"get-utf8":                   "signs a raw path escaped once, as get-space-normalized",
}

// The vectors that Sign does not make: it signs the path as it is.
var normalizedVectors = map[string]bool{
	"get-relative-relative-normalized":   true,
	"get-slashes-normalized":             true,
	"get-slash-pointless-dot-normalized": true,
}

type vectorContext struct {
	Credentials struct {
		ID     string `json:"access_key_id"`
		Secret string `json:"secret_access_key"`
	} `json:"credentials"`
	Region    string    `json:"region"`
	Service   string    `json:"service"`
	Timestamp time.Time `json:"timestamp"`
}

func TestVerifier_accepts_vectors_of_AWS(t *testing.T) {
	context := readContext(t)
	cases := vectors(t)
	if len(cases) < 20 {
		t.Fatalf("found %d vectors, want the 24 of testdata/v4", len(cases))
	}
	for name, raw := range cases {
		t.Run(name, func(t *testing.T) {
			req, hash := parseVector(t, raw)
			identity := Identity{Credentials: Credentials{
				AccessKeyID: context.Credentials.ID, SecretAccessKey: context.Credentials.Secret,
				SessionToken: req.Header.Get("X-Amz-Security-Token"),
			}}
			v := Verifier{
				Lookup: func(id string) (Identity, bool) { return identity, id == identity.Credentials.AccessKeyID },
				Now:    func() time.Time { return context.Timestamp },
			}
			_, err := v.Verify(req, hash, context.Service, context.Region)
			if reason, ok := unverifiable[name]; ok {
				if err == nil {
					t.Fatalf("verifies, though it is listed as unverifiable: %s", reason)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("My-Unsigned", "changes nothing")
			if _, err := v.Verify(req, hash, context.Service, context.Region); err != nil {
				t.Errorf("an unsigned header makes it fail: %v", err)
			}
			req.Method = http.MethodPatch
			if _, err := v.Verify(req, hash, context.Service, context.Region); err == nil {
				t.Error("another method verifies")
			}
		})
	}
}

func TestSign_makes_vectors_of_AWS(t *testing.T) {
	context := readContext(t)
	signed := 0
	for name, raw := range vectors(t) {
		req, hash := parseVector(t, raw)
		if _, ok := unverifiable[name]; ok || normalizedVectors[name] || signsOrdinaryHeaders(req) {
			continue
		}
		signed++
		t.Run(name, func(t *testing.T) {
			want := req.Header.Get("Authorization")
			req.Header.Del("Authorization")
			creds := Credentials{
				AccessKeyID: context.Credentials.ID, SecretAccessKey: context.Credentials.Secret,
				SessionToken: req.Header.Get("X-Amz-Security-Token"),
			}
			Sign(req, hash, creds, context.Service, context.Region, context.Timestamp)
			if got := req.Header.Get("Authorization"); got != want {
				t.Errorf("Authorization\n got %s\nwant %s", got, want)
			}
			if _, ok := req.Header["Host"]; ok {
				t.Error("Sign left a Host header in the map")
			}
		})
	}
	if signed < 8 {
		t.Errorf("signed %d vectors, want at least 8", signed)
	}
}

// signsOrdinaryHeaders reports whether the vector signs headers other than
// those that Sign does.
func signsOrdinaryHeaders(req *http.Request) bool {
	a := req.Header.Get("Authorization")
	return strings.Contains(a, "my-header") || strings.Contains(a, "content-length")
}

func readContext(t *testing.T) (c vectorContext) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "v4", "context.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func vectors(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "v4", "*", "header-signed-request.txt"))
	if err != nil {
		t.Fatal(err)
	}
	cases := make(map[string][]byte, len(files))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases[filepath.Base(filepath.Dir(file))] = data
	}
	return cases
}

// parseVector reads a request as net/http would, except that its target may
// hold a space.
func parseVector(t *testing.T, raw []byte) (*http.Request, string) {
	t.Helper()
	first, rest, _ := bytes.Cut(raw, []byte("\n"))
	method, target, _ := strings.Cut(strings.TrimSuffix(string(first), " HTTP/1.1"), " ")
	req, err := http.ReadRequest(bufio.NewReader(io.MultiReader(strings.NewReader(method+" / HTTP/1.1\n"), bytes.NewReader(rest))))
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(target, "?")
	req.URL = &url.URL{Path: path, RawQuery: query}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	return req, hex.EncodeToString(sum[:])
}
