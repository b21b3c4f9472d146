package build

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
)

// sourceOf returns what tells whether the code of a function mentions a text, nil if
// its handler isn't in one file of its own.
func sourceOf(config lambda.Config) func(text string) bool {
	name, _, _ := strings.Cut(config.Handler, ".")
	files, err := filepath.Glob(filepath.Join(config.CodeDir, name+".*"))
	if err != nil || len(files) != 1 {
		return nil
	}
	code, err := os.ReadFile(files[0])
	if err != nil || bytes.Contains(code, []byte("'./")) || bytes.Contains(code, []byte(`"./`)) || bytes.Contains(code, []byte("from .")) {
		return nil
	}
	return func(text string) bool { return bytes.Contains(code, []byte(text)) }
}
