// Package files tests static files: it synthesizes the app in directory app and
// sends requests to `cloudfurl local`.
package files

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// get sends a GET, with the password if asked, and returns the response and its
// body. It follows no redirect.
func get(t *testing.T, url string, password bool) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if password {
		request.SetBasicAuth("preview", "open sesame")
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestStaticFiles_run_on_the_local_edge(t *testing.T) {
	t.Chdir("app")
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	for name, test := range map[string]struct {
		path     string
		password bool
		status   int
		want     string // in the body, or the Location
	}{
		"the page of the app":            {"/", true, 200, "<title>App</title>"},
		"a route of the app":             {"/users/7", true, 200, "<title>App</title>"},
		"a script":                       {"/assets/app-4f1c09ab.js", true, 200, "console.log"},
		"a missing script":               {"/assets/app-00000000.js", true, 404, "NoSuchKey"},
		"a missing path of the API":      {"/api/missing", true, 404, `"error"`},
		"the API":                        {"/echo", true, 405, `"error"`},
		"no password for the app":        {"/", false, 401, ""},
		"no password for the API":        {"/api/missing", false, 401, ""},
		"a directory":                    {"/docs/", false, 200, "<title>Docs</title>"},
		"a directory below":              {"/docs/guide/", false, 200, "<title>Guide</title>"},
		"a directory without a slash":    {"/docs?page=2", false, 302, "./docs/?page=2"},
		"a file without a dot":           {"/docs/LICENSE", false, 200, "Apache"},
		"a missing page of the manual":   {"/docs/missing/", false, 404, "NoSuchKey"},
		"a file outside the directories": {"/docs/../viewer_request.js", true, 404, "NoSuchKey"},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := get(t, edge.URL+test.path, test.password)
			if got := body + response.Header.Get("Location"); response.StatusCode != test.status || !strings.Contains(got, test.want) {
				t.Errorf("got %s %.300s, want %d with %s", response.Status, got, test.status, test.want)
			}
		})
	}
}

func TestStaticFiles_serve_no_secret(t *testing.T) {
	outside, site := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{
		"index.html": "<title>App</title>", ".well-known/security.txt": "Contact: mailto:security@example.com", ".env": "SECRET", ".git/config": "SECRET",
		"key.pem": "-----BEGIN PRIVATE KEY-----\nSECRET\n", "notes.txt~": "SECRET", filepath.Join("..", filepath.Base(outside), "outside.txt"): "SECRET",
	} {
		path := filepath.Join(site, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"leak.txt": filepath.Join(outside, "outside.txt"), "shared": outside, "env.txt": ".env"} {
		if err := os.Symlink(target, filepath.Join(site, link)); err != nil {
			t.Skipf("needs symbolic links: %v", err)
		}
	}
	t.Setenv("FILES_SPA", site)
	t.Chdir("app")
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))
	for path, status := range map[string]int{
		"/.env": 404, "/.git/config": 200, "/key.pem": 404, "/notes.txt~": 404, "/leak.txt": 404, "/shared/outside.txt": 404, "/env.txt": 404,
		"/.well-known/security.txt": 200, "/": 200,
	} {
		// The app is at every path without a dot.
		if response, body := get(t, edge.URL+path, true); response.StatusCode != status || strings.Contains(body, "SECRET") {
			t.Errorf("%s: got %s %s, want %d", path, response.Status, body, status)
		}
	}
	if _, body := get(t, edge.URL+"/.well-known/security.txt", true); !strings.Contains(body, "Contact:") {
		t.Errorf("got %s, want the file below .well-known", body)
	}
}

func TestStaticFiles_change_while_they_are_watched(t *testing.T) {
	site, err := os.MkdirTemp("app", "watched")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(site) })
	write := func(title string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(site, "index.html"), []byte("<title>"+title+"</title>"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if site, err = filepath.Abs(site); err != nil {
		t.Fatal(err)
	}
	write("First")
	t.Setenv("FILES_SPA", site)
	t.Chdir("app")
	edge := localtest.Watch(t, localtest.Build(t))
	if _, body := get(t, edge.URL, true); !strings.Contains(body, "First") {
		t.Fatalf("got %s, want the first version", body)
	}
	write("Second")
	for range 600 {
		if _, body := get(t, edge.URL, true); strings.Contains(body, "Second") {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("got no second version in a minute")
}
