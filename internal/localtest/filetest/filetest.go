// Package filetest makes the directories that tests read.
package filetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Write writes files, given as names with slashes and contents, below a directory.
func Write(t testing.TB, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Dir returns a directory with files.
func Dir(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	Write(t, dir, files...)
	return dir
}
