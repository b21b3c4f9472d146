package scaffold_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/localtest/filetest"
)

// directoryOf returns a directory with files, given as names and contents.
var directoryOf = filetest.Dir

// contentsOf returns the files below a directory by their names.
func contentsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		text, err := os.ReadFile(path)
		contents[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// wantError fails unless an error says all texts, or its hint does.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error, want %q", texts)
		return
	}
	for _, text := range texts {
		if said := err.Error() + "\n" + fault.HintOf(err); !strings.Contains(said, text) {
			t.Errorf("got %q, want it to say %q", said, text)
		}
	}
}
