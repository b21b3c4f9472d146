package watch

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
)

// A Source is what a Reloader watches, and makes assemblies of.
type Source interface {
	// Root returns the directory to watch.
	Root() string

	// Keep reports whether a file is a source, or a directory may hold sources.
	Keep(path string, isDir bool) bool

	// Synthesize returns the directory below temp that Reloader.Open gets.
	Synthesize(ctx context.Context, temp string) (string, error)
}

// Files are files and directories that change what is served without an app that runs.
type Files struct {
	root string
	dirs []string
}

// NewFiles returns the files of absolute paths, the first of which is a directory.
func NewFiles(dirs []string) *Files {
	f := &Files{root: dirs[0], dirs: slices.Clone(dirs)}
	for slices.ContainsFunc(dirs, func(dir string) bool { return !isWithin(dir, f.root) }) {
		f.root = filepath.Dir(f.root)
	}
	return f
}

// isWithin reports whether a path is a directory or below it.
func isWithin(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}

// Root returns the directory that has all of them.
func (f *Files) Root() string { return f.root }

// Keep reports whether a file is in one of the directories, and isn't one that editors
// and tools make.
func (f *Files) Keep(path string, isDir bool) bool {
	return slices.ContainsFunc(f.dirs, func(dir string) bool {
		if !isWithin(path, dir) {
			return isDir && isWithin(dir, path)
		}
		return (&sources{root: dir, dir: dir}).keep(path, isDir)
	})
}

// Synthesize returns a directory that doesn't exist yet: what is made of the files is
// never the same.
func (f *Files) Synthesize(_ context.Context, temp string) (string, error) {
	return filepath.Join(temp, "code"), nil
}
