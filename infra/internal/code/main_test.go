package code_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// directoryOf returns a directory with files, given as names and contents.
func directoryOf(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// wantError fails unless an error says all texts. Without texts it wants no error.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	switch {
	case len(texts) == 0 && err != nil:
		t.Errorf("got %v, want no error", err)
	case len(texts) > 0 && err == nil:
		t.Errorf("got no error, want %q", texts)
	case err == nil:
		return
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("got %v, want it to say %q", err, text)
		}
	}
}
