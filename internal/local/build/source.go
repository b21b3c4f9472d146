package build

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// maxSource bounds how much of a function's code is searched, in bytes. Edge functions
// have a few KB.
const maxSource = 4 << 20

// sourceOf returns what tells whether the code in a directory mentions a text. The code
// is read at the first question. Of what is too large or can't be read, the answer is yes.
func sourceOf(dir string) func(text string) bool {
	read := sync.OnceValues(func() (code []byte, err error) {
		err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !slices.Contains([]string{".js", ".mjs", ".cjs", ".py"}, filepath.Ext(path)) {
				return err
			}
			content, err := os.ReadFile(path)
			if code = append(code, content...); len(code) > maxSource {
				return fs.ErrInvalid
			}
			return err
		})
		return code, err
	})
	return func(text string) bool {
		code, err := read()
		return err != nil || bytes.Contains(code, []byte(text))
	}
}
