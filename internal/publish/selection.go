// Package publish selects the files of a directory that leave this machine, for a
// bucket of static files or for the code of a function: not those of version
// control, editors and tools, not private keys, nothing that a link finds outside of
// the directory, and no file that looks like a secret unless it is named.
package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Rules say which files are selected.
type Rules struct {
	// Site is whether everybody can read the files. Then names that begin with a
	// dot are left out, but .well-known.
	Site bool

	// Exclude are patterns of files that are left out, as in .gitignore. A pattern that begins with
	// "!" includes what those before it and this package leave out.
	Exclude []string

	// Assembly is a directory that is no part of the selection, even if it is
	// below the directory: what CDK writes.
	Assembly string
}

// A Selection is the files of a directory that leave this machine.
type Selection struct {
	// Dir is the directory.
	Dir string

	// Files are sorted by the names of their directories.
	Files []File

	exclude patterns
	omitted []omission
}

// A File is a file of a selection.
type File struct {
	// Path is the slash-separated path below the directory.
	Path string

	source string
	info   fs.FileInfo
}

// An omission is what is left out though somebody may expect it.
type omission struct {
	path, why string
}

// Includes reports whether a pattern of Exclude that begins with "!" names a path.
func (s *Selection) Includes(name string) bool {
	return s.exclude.judge(name, false) == included
}

// listed is how many files a message names.
const listed = 5

// Warnings returns sentences about what is left out though somebody may expect it.
func (s *Selection) Warnings() []string {
	if len(s.omitted) == 0 {
		return nil
	}
	var names []string
	for _, o := range s.omitted {
		names = append(names, fmt.Sprintf("%s (%s)", o.path, o.why))
	}
	return []string{fmt.Sprintf("left out of %s: %s. To include one, add it to Exclude with a \"!\", such as %q; to silence this, add it without",
		s.Dir, List(names), Including(s.omitted[0].path))}
}

// List returns the first of some names.
func List(names []string) string {
	if more := len(names) - listed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:listed], ", "), more)
	}
	return strings.Join(names, ", ")
}

// Directories returns the directories that have files, at any depth, each before
// those in it.
func (s *Selection) Directories() []string {
	var directories []string
	seen := map[string]bool{".": true}
	for _, file := range s.Files {
		var above []string
		for dir := path.Dir(file.Path); !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			above = append(above, dir)
		}
		slices.Reverse(above)
		directories = append(directories, above...)
	}
	return directories
}

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
		fmt.Fprintf(sum, "%q %d\n", file.Path, file.info.Size())
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
