package localtest

import (
	"os"
	"path/filepath"
	"testing"
)

// CopyModule copies the example in the working directory to a temporary directory,
// which is the working directory for the rest of the test.
func CopyModule(t *testing.T) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if err := Run("", nil, "go", "mod", "edit", "-replace=github.com/cloudfurl/cloudfurl="+root); err != nil {
		t.Fatal(err)
	}
}
