package scaffold

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxDepth is how many directories an app's code may be below the first one.
const maxDepth = 2

// skipped are directories without an app's own code, besides those that begin with a
// dot.
var skipped = strings.Fields("node_modules venv env __pycache__ vendor testdata test tests docs examples cdk.out " + Name)

type directory struct {
	fs.FS

	// files are those that may have the app's code, the least deep ones first.
	files []string
}

func readDirectory(dir string) (directory, error) {
	d := directory{FS: os.DirFS(dir)}
	if _, err := os.ReadDir(dir); err != nil {
		return d, err // names dir, which those of d call "."
	}
	err := fs.WalkDir(d, ".", func(name string, entry fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			if stem := strings.TrimSuffix(base, path.Ext(base)); !strings.HasPrefix(base, "test_") && !strings.HasSuffix(stem, "_test") {
				d.files = append(d.files, name)
			}
		case name != "." && (strings.HasPrefix(base, ".") || slices.Contains(skipped, base) || strings.Count(name, "/") >= maxDepth):
			return fs.SkipDir
		}
		return nil
	})
	slices.SortStableFunc(d.files, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return d, err
}

func (d directory) has(name string) bool {
	info, err := fs.Stat(d.FS, name) // without opening it
	return err == nil && info.Mode().IsRegular()
}

func (d directory) text(name string) string {
	if !d.has(name) {
		return "" // reading a named pipe would wait for a writer
	}
	text, _ := fs.ReadFile(d, name)
	return string(text)
}

// with returns the files whose names end with one of some texts.
func (d directory) with(ends ...string) []string {
	return slices.DeleteFunc(slices.Clone(d.files), func(name string) bool {
		return !slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix("/"+name, end) })
	})
}

var (
	// readsPort matches code that takes the port from the environment.
	readsPort = regexp.MustCompile(`env\.PORT\b|env\[.PORT|[eE]nv\("PORT`)

	// fixedPort matches the number of a port that a server listens on.
	fixedPort = regexp.MustCompile(`(?i)(?:listen\(\s*|\bport\s*:?=\s*|["'][\w.]*:)(\d{4,5})\b`)
)

// port returns the port that the code of a server fixes, or "".
func port(code string) string {
	if found := fixedPort.FindStringSubmatch(code); found != nil && !readsPort.MatchString(code) {
		return found[1]
	}
	return ""
}
