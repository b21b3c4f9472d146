package bundle

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

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
