package code_test

import (
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest/filetest"
)

// directoryOf returns a directory with files, given as names and contents.
var directoryOf = filetest.Dir

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
