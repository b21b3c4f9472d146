// Package publish selects the files of a directory that leave this machine, for a
// bucket of static files or for the code of a function: not those of version
// control, editors and tools, not private keys, nothing that a link finds outside of
// the directory, and no file that looks like a secret unless it is named.
package publish

import (
	"fmt"
	"io/fs"
	"path"
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

// Size returns the size of the file in bytes.
func (f File) Size() int64 { return f.info.Size() }

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
