package publish

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// A walk selects files.
type walk struct {
	rules    Rules
	exclude  patterns
	root     string // without links
	assembly string

	selection *Selection
	secrets   []string
}

// A step is a directory on the way to a file.
type step struct {
	real   string // without links
	name   string // in the selection
	chosen bool   // it is the whole directory, or a pattern includes it
}

// Select returns the files of a directory that leave this machine. Links are
// followed, so a copy has none.
func Select(dir string, rules Rules) (*Selection, error) {
	exclude, err := parsePatterns(rules.Exclude)
	if err != nil {
		return nil, err
	}
	root, err := realPath(dir)
	if err != nil {
		return nil, err
	}
	w := &walk{rules: rules, exclude: exclude, root: root, selection: &Selection{Dir: dir, exclude: exclude}}
	if rules.Assembly != "" {
		// An assembly that doesn't exist has no files.
		w.assembly, _ = realPath(rules.Assembly)
	}
	if err := w.directory(step{real: root, chosen: true}, nil); err != nil {
		return nil, err
	}
	if len(w.secrets) > 0 {
		return nil, fmt.Errorf("%s has files that look like secrets: %s. Add them to Exclude, or, if one is no secret, include it by %q",
			dir, List(w.secrets), Including(w.secrets[0]))
	}
	return w.selection, nil
}

func realPath(name string) (string, error) {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(absolute)
}

// directory selects the files of a directory, which is in those above.
func (w *walk) directory(dir step, above []step) error {
	entries, err := os.ReadDir(dir.real)
	if err != nil {
		return err
	}
	above = append(slices.Clip(above), dir)
	for _, entry := range entries {
		if err := w.entry(entry, filepath.Join(dir.real, entry.Name()), path.Join(dir.name, entry.Name()), above); err != nil {
			return err
		}
	}
	return nil
}

// entry selects a file, or the files of a directory.
func (w *walk) entry(entry fs.DirEntry, file, name string, above []step) error {
	isLink := entry.Type()&fs.ModeSymlink != 0
	target, info, err := follow(file, isLink)
	isDir := err == nil && info.IsDir()
	says := w.exclude.judge(name, isDir)
	switch {
	case file == w.assembly, target == w.assembly && isDir:
		return nil
	case says == excluded:
		return nil
	case says != included && w.rules.classOf(name, isDir) == leftOut:
		return nil
	case err != nil:
		return w.unreadable(name, isLink, err)
	case !utf8.ValidString(name):
		return fmt.Errorf("%s has a file whose name isn't UTF-8, %q: rename it, or name it in Exclude", w.selection.Dir, name)
	case says != included && target != filepath.Join(w.root, name):
		if why := w.whyNotFollow(target, isDir, isLink, above); why != "" {
			w.omit(name, why)
			return nil
		}
	}
	if isDir {
		if slices.ContainsFunc(above, func(dir step) bool { return dir.real == target }) {
			return fmt.Errorf("%s is a link to a directory that it is in: remove it, or name it in Exclude", w.shown(name))
		}
		return w.directory(step{target, name, says == included}, above)
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	return w.file(File{Path: name, source: target, info: info}, says)
}

// follow returns a file, or what a link leads to.
func follow(file string, isLink bool) (target string, info fs.FileInfo, err error) {
	target = file
	if isLink {
		if target, err = filepath.EvalSymlinks(file); err != nil {
			return "", nil, err
		}
	}
	info, err = os.Lstat(target)
	return target, info, err
}

func (w *walk) shown(name string) string {
	return filepath.Join(w.selection.Dir, filepath.FromSlash(name))
}

func (w *walk) unreadable(name string, isLink bool, err error) error {
	if isLink && !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s is a link that leads nowhere or to itself: remove it, or name it in Exclude", w.shown(name))
	}
	return fmt.Errorf("%s can't be read: %w", w.shown(name), err)
}

// whyNotFollow returns why what a link leads to, or what is below that, is left out,
// or "". The first of the directories above is the whole one, a later one may be what
// a link was included for.
func (w *walk) whyNotFollow(target string, isDir, isLink bool, above []step) (why string) {
	for _, dir := range above {
		name, err := filepath.Rel(dir.real, target)
		if !dir.chosen || err != nil || !filepath.IsLocal(name) {
			continue
		}
		problem := w.problemOf(path.Join(dir.name, filepath.ToSlash(name)), isDir, isLink)
		if problem == "" {
			return ""
		}
		why = cmp.Or(why, problem)
	}
	return cmp.Or(why, "a link out of the directory, to "+target)
}

// problemOf returns why a path that a link leads to is left out, or "".
func (w *walk) problemOf(name string, isDir, isLink bool) string {
	for i, char := range name + "/" {
		if char != '/' {
			continue
		}
		part, partIsDir := name[:i], isDir || i < len(name)
		says := w.exclude.judge(part, partIsDir)
		switch {
		case says == excluded:
			return "leads to " + name + ", which is excluded"
		case isLink && says != included && w.rules.classOf(part, partIsDir) != taken:
			return "a link to " + name
		}
	}
	return ""
}

// file selects a file, unless it is a secret that no pattern includes.
func (w *walk) file(file File, says verdict) error {
	if says != included {
		class, err := w.classOf(file)
		switch {
		case err != nil:
			return fmt.Errorf("%s can't be read: %w", w.shown(file.Path), err)
		case class == key:
			w.omit(file.Path, "a private key")
			return nil
		case class == secret:
			w.secrets = append(w.secrets, file.Path)
			return nil
		}
	}
	w.selection.Files = append(w.selection.Files, file)
	return nil
}

func (w *walk) classOf(file File) (class, error) {
	if byName := w.rules.classOf(file.Path, false); byName != taken || w.rules.isPackage(file.Path) {
		return byName, nil
	}
	isKeyType := slices.Contains(keyTypes, strings.ToLower(path.Ext(file.Path)))
	isKey, err := holdsPrivateKey(file, isKeyType)
	switch {
	case !isKey:
		return taken, err
	case isKeyType:
		return key, nil
	}
	return secret, nil
}

func (w *walk) omit(name, why string) {
	w.selection.omitted = append(w.selection.omitted, omission{name, why})
}
