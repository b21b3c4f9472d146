package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestHtmlSite_serves_pages_forms_and_files(t *testing.T) {
	assembly := localtest.Synthesize(t)
	t.Run("has no default root object", func(t *testing.T) {
		data, err := os.ReadFile(filepath.Join(assembly, "HtmlSite.template.json"))
		if err != nil || !bytes.Contains(data, []byte(`"OriginPath"`)) || bytes.Contains(data, []byte("DefaultRootObject")) {
			t.Errorf("got %v and %s, want the stage as origin path", err, data)
		}
	})
	edge := localtest.Serve(t, localtest.Build(t), assembly)
	t.Run("serves pages", func(t *testing.T) {
		if got := localtest.Get(t, edge.URL+"/"); !strings.Contains(got, "<h1>Birds</h1>") || !strings.Contains(got, `src="/images/birds/Wren.svg"`) {
			t.Errorf("got %s, want all birds", got)
		}
		expect(t, edge.URL+"/missing", http.StatusNotFound, "text/html; charset=utf-8", "<h1>There is no such page</h1>")
	})
	t.Run("takes forms", func(t *testing.T) {
		if got := localtest.Post(t, edge.URL+"/search", "word=ROB+"); !strings.Contains(got, "Robin</li>") || strings.Contains(got, "Wren</li>") {
			t.Errorf("got %s, want the robin only", got)
		}
		if status, got := submit(t, edge.URL+"/search", nil, "word", "rob"); status != http.StatusOK || !strings.Contains(got, "Robin</li>") || strings.Contains(got, "Wren</li>") {
			t.Errorf("got %d %s for multipart/form-data, want the robin only", status, got)
		}
		if got := localtest.Post(t, edge.URL+"/search", "word=%3Cb%3E%26"); !strings.Contains(got, "“&lt;b&gt;&amp;”") {
			t.Errorf("got %s, want the word, escaped", got)
		}
		if status, got := submit(t, edge.URL+"/recordings", bytes.Repeat([]byte("\x00\xff\r\n"), 300_000), "bird", "Wren"); status != http.StatusOK || !strings.Contains(got, "song.wav of a Wren has 1200000 bytes.") {
			t.Errorf("got %d %s, want the size of the file", status, got)
		}
		if status, got := submit(t, edge.URL+"/recordings", nil, "bird", "Wren"); status != http.StatusBadRequest || !strings.Contains(got, "a form of this site") {
			t.Errorf("got %d %s without a file, want 400", status, got)
		}
		if status, got := submit(t, edge.URL+"/recordings", make([]byte, 4<<20), "bird", "Wren"); status != http.StatusRequestEntityTooLarge || !strings.Contains(got, "more than 4 MB") {
			t.Errorf("got %d %s, want a page about the limit", status, got)
		}
	})
	t.Run("serves files", func(t *testing.T) {
		for path, kind := range map[string]string{
			"/images/logo.svg":       "image/svg+xml",
			"/images/birds/Wren.svg": "image/svg+xml",
			"/css/site.css":          "text/css",
			"/js/site.js":            "javascript",
			"/favicon.ico":           "image/",
		} {
			data, err := os.ReadFile(filepath.Join("static", path))
			if err != nil {
				t.Fatal(err)
			}
			expect(t, edge.URL+path, http.StatusOK, kind, string(data))
		}
		expect(t, edge.URL+"/images/missing.svg", http.StatusNotFound, "application/xml", "")
	})
	t.Run("keeps out who gets around the distribution", func(t *testing.T) {
		api := regexp.MustCompile(`http://127\.0\.0\.1:\d+/prod/`).FindString(edge.Banner)
		expect(t, api, http.StatusForbidden, "application/json", `{"message":"Forbidden"}`)
	})
}

// expect gets a response, which has to have a status, and words in its type and body.
func expect(t *testing.T, url string, status int, kind, text string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if got := response.Header.Get("Content-Type"); err != nil || response.StatusCode != status || !strings.Contains(got, kind) || !strings.Contains(string(body), text) {
		t.Errorf("%s: got %s, %s, %v and %q, want %d, %s and %q", url, response.Status, got, err, body, status, kind, text)
	}
}

// submit sends a field and, unless it is nil, a file as multipart/form-data, and
// returns the status and the page.
func submit(t *testing.T, url string, file []byte, name, value string) (int, string) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField(name, value)
	if file != nil {
		part, err := w.CreateFormFile("recording", "song.wav")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(file)
	}
	w.Close()
	response, err := http.Post(url, w.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(page)
}
