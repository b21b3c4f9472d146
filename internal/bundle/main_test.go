package bundle

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/localtest/filetest"
)

// noUV is why tests have no uv.
var noUV error

func TestMain(m *testing.M) {
	uv, err := findUV()
	if noUV = err; err == nil && filepath.IsAbs(uv.path) {
		os.Setenv("PATH", filepath.Dir(uv.path)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	// Not the script by which a version manager starts it, which takes a while.
	if python, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output(); err == nil {
		os.Setenv("PATH", filepath.Dir(string(python))+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	cache, err := os.MkdirTemp("", "uv-cache")
	if err != nil {
		panic(err)
	}
	os.Setenv("UV_CACHE_DIR", cache)
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(cache)
		os.Exit(code)
	}))
}

// needsUV skips a test on a machine without uv and without a way to get it.
func needsUV(t *testing.T) {
	t.Helper()
	if noUV != nil {
		t.Skip(noUV)
	}
}

// needs skips a test on a machine without a program, or without a module of it.
func needs(t *testing.T, name string, arguments ...string) {
	t.Helper()
	output, err := exec.Command(name, arguments...).CombinedOutput()
	switch {
	case errors.Is(err, exec.ErrNotFound), strings.Contains(string(output), "No module named"):
		t.Skipf("needs %s %s: %v", name, strings.Join(arguments, " "), err)
	case err != nil:
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, output)
	}
}

// write writes files, given as names and contents, below a directory.
var write = filetest.Write

// tarball writes a package of npm.
func tarball(t *testing.T, path string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	compressed := gzip.NewWriter(file)
	archive := tar.NewWriter(compressed)
	for name, content := range files {
		if err := archive.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
}

// bundled writes the code of an app.
func bundled(t *testing.T, app App) (string, error) {
	t.Helper()
	output := t.TempDir()
	return output, app.Write(output)
}

// mustBundle is bundled for an app that can be.
func mustBundle(t *testing.T, app App) string {
	t.Helper()
	output, err := bundled(t, app)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// contents returns the files below a directory with their modes and contents.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		text := info.Mode().String()
		if !entry.IsDir() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += " " + string(data)
		}
		files[filepath.ToSlash(relative)] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wantError fails unless an error has all texts.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want one about %v", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("got error %q, want it to say %q", err, text)
		}
	}
}

// wantText fails unless a text has others.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	wantError(t, errors.New(text), parts...)
}
