package bundle

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Modes of files are the same on every machine, whatever its umask.
const (
	executable = 0o755
	plain      = 0o644
)

// modeOf returns the mode that a file gets.
func modeOf(info fs.FileInfo) fs.FileMode {
	if info.Mode().Perm()&0o111 != 0 {
		return executable
	}
	return plain
}

// copyTree copies the files and directories below from to an existing directory.
func copyTree(from, to string) error {
	return eachFile(from, to, func(path, target string, info fs.FileInfo) error {
		return copyFile(path, target, modeOf(info))
	})
}

// moveTree moves the files below from to an existing directory of the same file
// system or another, over files that it has.
func moveTree(from, to string) error {
	return eachFile(from, to, func(path, target string, info fs.FileInfo) error {
		if err := os.Rename(path, target); err != nil {
			return copyFile(path, target, modeOf(info))
		}
		return os.Chmod(target, modeOf(info))
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

func copyFile(from, to string, mode fs.FileMode) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	if err := target.Chmod(mode); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}
