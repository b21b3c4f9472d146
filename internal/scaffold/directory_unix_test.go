//go:build unix

package scaffold

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestDirectory_does_not_wait_for_named_pipes(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "app.py"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := readDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d.has("app.py") || d.text("app.py") != "" {
		t.Error("a named pipe is a file of the app")
	}
}
