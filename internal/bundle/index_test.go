package bundle

import (
	"archive/zip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A wheel is a package of Python for a test.
type wheel struct {
	name, version, tag string
	requires           []string
	files              map[string]string
}

// wheels makes uv and pip find only these packages, in an index of the test. It returns
// the directory of their files, to which a test may add more, and the index's URL.
func wheels(t *testing.T, all ...wheel) (dir, index string) {
	t.Helper()
	needsUV(t)
	dir = t.TempDir()
	for _, w := range all {
		w.write(t, dir)
	}
	server := httptest.NewServer(packageIndex(dir))
	t.Cleanup(server.Close)
	index = server.URL + "/simple"
	for name, value := range map[string]string{
		"UV_DEFAULT_INDEX": index, "PIP_INDEX_URL": index, "NO_PROXY": "127.0.0.1",
		"PIP_FIND_LINKS": "", "PIP_NO_INDEX": "", "PIP_EXTRA_INDEX_URL": "", "UV_INDEX": "", "UV_FIND_LINKS": "", "UV_EXTRA_INDEX_URL": "",
	} {
		t.Setenv(name, value)
	}
	return dir, index
}

// packageIndex serves the packages of a directory.
//
// See: https://packaging.python.org/en/latest/specifications/simple-repository-api/
func packageIndex(dir string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /files/", http.StripPrefix("/files/", http.FileServer(http.Dir(dir))))
	mux.HandleFunc("GET /simple/{name}/", func(w http.ResponseWriter, r *http.Request) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		var links strings.Builder
		for _, entry := range entries {
			if name, _, _ := strings.Cut(entry.Name(), "-"); strings.ReplaceAll(strings.ToLower(name), "_", "-") == r.PathValue("name") {
				fmt.Fprintf(&links, "<a href=\"/files/%[1]s\">%[1]s</a>\n", entry.Name())
			}
		}
		if links.Len() == 0 {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!DOCTYPE html><html><body>\n%s</body></html>", links.String())
	})
	return mux
}

// withoutUV leaves only python3 of the programs in PATH, and no uv in a cache.
func withoutUV(t *testing.T) {
	t.Helper()
	needs(t, "python3", "-m", "pip", "--version")
	python, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", strings.TrimSpace(string(python)))
	if err := os.WriteFile(filepath.Join(dir, "python3"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
}

// thisPython returns the version of python3.
func thisPython(t *testing.T) string {
	t.Helper()
	printed, err := exec.Command("python3", "-c", `import sys; print("%d.%d" % sys.version_info[:2])`).Output()
	if err != nil {
		t.Skipf("needs python3: %v", err)
	}
	return strings.TrimSpace(string(printed))
}

func (w wheel) write(t *testing.T, dir string) {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, fmt.Sprintf("%s-%s-%s.whl", w.name, w.version, w.tag)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	info := fmt.Sprintf("%s-%s.dist-info/", w.name, w.version)
	metadata := fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n", w.name, w.version)
	for _, line := range w.requires {
		metadata += line + "\n"
	}
	files := map[string]string{
		info + "METADATA": metadata,
		info + "WHEEL":    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: " + w.tag + "\n",
		info + "RECORD":   "",
	}
	for name, content := range w.files {
		files[strings.Replace(name, "INFO/", info, 1)] = content
	}
	for name, content := range files {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		header.SetMode(0o644)
		if strings.Contains(name, "/scripts/") {
			header.SetMode(0o755)
		}
		part, err := archive.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
}
