package bundle

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// Modes of files are the same on every machine, whatever its umask. Files of
// packages can't be written, as in Lambda.
const (
	executable = 0o755
	plain      = 0o644
	readOnly   = 0o555
)

// seal makes the files below a directory read-only.
func seal(dir string) error {
	_, err := eachFile(dir, func(_, path string, info fs.FileInfo) (string, error) {
		return "", os.Chmod(path, publish.ModeOf(info)&readOnly)
	})
	return err
}

// copyTree copies the files below from to an existing directory.
func copyTree(from, to string) error {
	_, err := eachFile(from, func(name, path string, info fs.FileInfo) (string, error) {
		target := filepath.Join(to, name)
		if err := publish.MakeDirectory(filepath.Dir(target)); err != nil {
			return "", err
		}
		return "", publish.CopyFile(path, target, info.Mode().Perm(), nil)
	})
	return err
}

// eachFile calls visit for each file below a directory, for several at once, and
// returns the results in the order of the paths.
func eachFile(dir string, visit func(name, path string, info fs.FileInfo) (string, error)) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	results := make([]string, len(paths))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			results[i], err = visit(name, path, info)
			return err
		})
	}
	return results, group.Wait()
}

// maxSize is Lambda's limit for the code with its layers, unzipped, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// Seen: Lambda's message says 262144000 bytes.
const maxSize = 250 << 20

// A sizes is how many bytes directories and packages have, by their names.
type sizes map[string]int64

// add adds a file.
func (s sizes) add(path string, bytes int64) { s[topOf(path)] += bytes }

// addTree adds the files below a directory.
func (s sizes) addTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		s.add(filepath.ToSlash(relative), info.Size())
		return err
	})
}

// check returns an error if the files are too large for Lambda.
func (s sizes) check() error {
	var total int64
	for _, bytes := range s {
		total += bytes
	}
	if total <= maxSize {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(s), func(a, b string) int {
		return cmp.Or(cmp.Compare(s[b], s[a]), strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s (%s)", name, megabytes(s[name]))
	}
	return fmt.Errorf("the app and its dependencies have %s, more than Lambda's %s for a zip with its layers: "+
		"exclude files, use fewer packages, or use ImageHandler, whose limit is 10 GB. The largest: %s",
		megabytes(total), megabytes(maxSize), publish.List(names))
}

// topOf returns the directory or package that a file belongs to.
func topOf(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case parts[0] != "node_modules" || len(parts) < 3:
		return parts[0]
	case strings.HasPrefix(parts[1], "@") && len(parts) > 3:
		return strings.Join(parts[:3], "/")
	}
	return strings.Join(parts[:2], "/")
}

// megabytes returns a number of bytes for messages.
func megabytes(bytes int64) string {
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
