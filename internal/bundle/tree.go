package bundle

import (
	"cmp"
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

func seal(dir string) error {
	return eachFile(dir, func(_, path string, info fs.FileInfo) error {
		return os.Chmod(path, publish.ModeOf(info)&readOnly)
	})
}

// copyTree copies the files below from to an existing directory.
func copyTree(from, to string) error {
	return eachFile(from, func(name, path string, info fs.FileInfo) error {
		target := filepath.Join(to, name)
		if err := publish.MakeDirectory(filepath.Dir(target)); err != nil {
			return err
		}
		return publish.CopyFile(path, target, info.Mode().Perm(), nil)
	})
}

// eachFile calls visit for each file below a directory, for several at once.
func eachFile(dir string, visit func(name, path string, info fs.FileInfo) error) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		group.Go(func() error {
			info, missing := os.Stat(path)
			if err := cmp.Or(err, missing); err != nil {
				return err
			}
			return visit(name, path, info)
		})
		return nil
	})
	return cmp.Or(err, group.Wait())
}
