package watch

import (
	"path"
	"path/filepath"
	"strings"
)

// sources says which files of a CDK app are its sources.
type sources struct {
	// root is the directory that is watched, dir the one of cdk.json. Patterns
	// are relative to dir, and to root for what is not in dir.
	root, dir string

	// include holds patterns of files, none for all; exclude patterns of files
	// and directories.
	include, exclude []pattern
}

// settingsFiles are read at each synthesis, whatever the patterns say.
var settingsFiles = map[string]bool{"cdk.json": true, "cdk.context.json": true}

// keep says whether a change of the file matters, or whether sources may be in
// the directory. Never watched are names that begin with a dot, node_modules,
// __pycache__, cdk.out and the like, executables in bin, tests in Go, and what
// editors leave.
func (s *sources) keep(file string, isDir bool) bool {
	name := s.relative(file)
	if name == "." {
		return true
	}
	if settingsFiles[name] && !isDir {
		return true
	}
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "cdk.out") || base == "node_modules" || base == "__pycache__" {
		return false
	}
	for _, p := range s.exclude {
		if p.matches(name) {
			return false
		}
	}
	if isDir {
		return true
	}
	if strings.HasSuffix(base, "~") || strings.HasPrefix(base, "#") || strings.HasSuffix(base, "_test.go") {
		return false
	}
	if path.Base(path.Dir(name)) == "bin" && path.Ext(base) == "" {
		return false
	}
	for _, p := range s.include {
		if p.matches(name) {
			return true
		}
	}
	return len(s.include) == 0
}

// relative returns the slash-separated path that patterns are about.
func (s *sources) relative(file string) string {
	for _, dir := range []string{s.dir, s.root} {
		name, err := filepath.Rel(dir, file)
		if err == nil && name != ".." && !strings.HasPrefix(name, ".."+string(filepath.Separator)) {
			return filepath.ToSlash(name)
		}
	}
	return filepath.ToSlash(file)
}
