package watch

import (
	"context"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// sources says which files of a CDK app are its sources.
type sources struct {
	// root is the directory that is watched, dir that of cdk.json. Patterns are
	// relative to dir, and for files outside dir to root, too.
	root, dir string

	// include has patterns of files, none for all; exclude has patterns of files
	// and directories.
	include, exclude globs
}

// settingsFiles are read at each synthesis, whatever the patterns say.
var settingsFiles = map[string]bool{"cdk.json": true, "cdk.context.json": true}

// bundlingFiles are read when an app's code or image is made, though their names
// begin with a dot.
var bundlingFiles = map[string]bool{".dockerignore": true, ".npmrc": true}

// newSources returns the sources of the app in dir: the Go module that dir is in, or the
// directory above it that a pattern such as "../**" names.
func newSources(dir string, include, exclude globs) *sources {
	s := &sources{root: moduleRoot(dir), dir: dir, include: include, exclude: exclude}
	for _, glob := range include {
		above := dir
		for ; strings.HasPrefix(glob, "../"); glob = glob[len("../"):] {
			above = filepath.Dir(above)
		}
		if len(above) < len(s.root) {
			s.root = above
		}
	}
	return s
}

// temporary are files that editors make beside the one that they edit.
var temporary = regexp.MustCompile(`^#|~$|\.(swp|tmp|bak|orig)$`)

// keep reports whether a change of the file matters, or whether the directory may
// hold sources. Some are never watched: most names that begin with a dot,
// node_modules, __pycache__, venv, cdk.out and its like, executables in bin, Go tests,
// logs, and backup files of editors.
func (s *sources) keep(file string, isDir bool) bool {
	name := s.relative(file)
	if name == "." {
		return true
	}
	if settingsFiles[name] && !isDir {
		return true
	}
	base := path.Base(name)
	if strings.HasPrefix(base, ".") && (isDir || !bundlingFiles[base]) || strings.HasPrefix(base, "cdk.out") || base == "node_modules" || base == "__pycache__" || base == "venv" {
		return false
	}
	outside, _ := filepath.Rel(s.dir, file)
	outside = filepath.ToSlash(outside)
	if s.exclude.match(name) || s.exclude.match(outside) {
		return false
	}
	if isDir {
		return true
	}
	if temporary.MatchString(base) || strings.HasSuffix(base, "_test.go") || strings.HasSuffix(base, ".log") {
		return false
	}
	if path.Base(path.Dir(name)) == "bin" && path.Ext(base) == "" {
		return false
	}
	return len(s.include) == 0 || s.include.match(name) || s.include.match(outside)
}

// relative returns the slash-separated path that patterns match against.
func (s *sources) relative(file string) string {
	for _, dir := range []string{s.dir, s.root} {
		if name, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(name) {
			return filepath.ToSlash(name)
		}
	}
	return filepath.ToSlash(file)
}

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
