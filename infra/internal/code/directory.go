package code

import (
	"fmt"
	"os"
	"path/filepath"
)

// CheckDirectory returns why what a construct or a handler serves can't be in a
// directory, or nil.
func CheckDirectory(handler, dir string) error {
	if dir == "" {
		return fmt.Errorf(`%s got no directory: set the one that has the files, such as "./app"`, handler)
	}
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return fmt.Errorf("%s got the directory %s, which doesn't exist in %s: correct the path, or build it first", handler, dir, workingDirectory())
	case err != nil:
		return fmt.Errorf("%s got the directory %s, which can't be read: %w", handler, dir, err)
	case !info.IsDir():
		return fmt.Errorf("%s got %s, which is a file: pass the directory that holds it", handler, dir)
	}
	return nil
}

func hasFile(dir string, names ...string) bool {
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}

func workingDirectory() string {
	dir, err := os.Getwd()
	if err != nil {
		return "the working directory"
	}
	return dir
}
