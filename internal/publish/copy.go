package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Modes of files are the same on every machine, whatever its umask.
const (
	executable = 0o755
	plainMode  = 0o644
)

// ModeOf returns the mode that a file gets.
func ModeOf(info fs.FileInfo) fs.FileMode {
	if info.Mode().Perm()&0o111 != 0 {
		return executable
	}
	return plainMode
}

// Copy writes the files to a directory, in place of those that it has, and returns a
// hash of their paths and contents.
func (s *Selection) Copy(to string) (hash string, err error) {
	sum := sha256.New()
	for _, file := range s.Files {
		target := filepath.Join(to, filepath.FromSlash(file.Path))
		if err := makeRoom(target); err != nil {
			return "", fmt.Errorf("the app's file %s can't take the place of what a package has under this name, rename it: %w", file.Path, err)
		}
		fmt.Fprintf(sum, "%q %d\n", file.Path, file.Size())
		if err := CopyFile(file.source, target, ModeOf(file.info), sum); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// makeRoom makes the directory of a file, and removes what is in its place.
func makeRoom(target string) error {
	if err := MakeDirectory(filepath.Dir(target)); err != nil {
		return err
	}
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// MakeDirectory makes a directory and those above it, unless they are there,
// whatever the umask.
func MakeDirectory(dir string) error {
	if isDirectory(dir) {
		return nil
	}
	if err := MakeDirectory(filepath.Dir(dir)); err != nil {
		return err
	}
	// Several goroutines may make it at once.
	if err := os.Mkdir(dir, executable); err != nil && !(errors.Is(err, fs.ErrExist) && isDirectory(dir)) {
		return err
	}
	return os.Chmod(dir, executable)
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// CopyFile copies a file to a new one, and its content to also unless that is nil:
// then file systems that can share the content do.
func CopyFile(from, to string, mode fs.FileMode, also io.Writer) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	var writer io.Writer = target
	if also != nil {
		writer = io.MultiWriter(target, also)
	}
	_, err = io.Copy(writer, source)
	return errors.Join(err, target.Chmod(mode), target.Close())
}
