package bundle

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Modes of files are the same on every machine, whatever its umask. Files of
// packages can't be written, as in Lambda: bundles share them with the cache.
const (
	executable = 0o755
	plain      = 0o644
	readOnly   = 0o555
)

// modeOf returns the mode that a file gets.
func modeOf(info fs.FileInfo) fs.FileMode {
	if info.Mode().Perm()&0o111 != 0 {
		return executable
	}
	return plain
}

// seal makes the files below a directory read-only.
func seal(dir string) error {
	return eachFile(dir, dir, func(path, _ string, info fs.FileInfo) error {
		return os.Chmod(path, modeOf(info)&readOnly)
	})
}

// linkTree links the files below from into an existing directory, or copies them to
// another file system. To link thousands of files is many times faster.
func linkTree(from, to string) error {
	return eachFile(from, to, func(path, target string, info fs.FileInfo) error {
		if err := os.Link(path, target); err != nil {
			return copyFile(path, target, info.Mode().Perm())
		}
		return nil
	})
}

// eachFile calls visit for each file below from, with its place below to, whose
// directories it makes.
func eachFile(from, to string, visit func(path, target string, info fs.FileInfo) error) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return makeDirectory(target)
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		return visit(path, target, info)
	})
}

// makeDirectory makes a directory, unless there is one, whatever the umask.
func makeDirectory(path string) error {
	if err := os.MkdirAll(path, executable); err != nil {
		return err
	}
	return os.Chmod(path, executable)
}

// copyFile copies a file. Most files of packages are small, so reading them whole is
// faster than io.Copy.
func copyFile(from, to string, mode fs.FileMode) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = target.Write(data)
	return errors.Join(err, target.Chmod(mode), target.Close())
}
