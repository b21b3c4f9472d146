//go:build unix

package scaffold

import (
	"path/filepath"
	"strings"
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

func TestDirectory_names_what_it_cannot_read(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nosuch")
	if _, err := readDirectory(missing); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("got %v, want an error about %s", err, missing)
	}
}
