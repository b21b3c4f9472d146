package bucket

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// A Layer is what one deployment puts into a bucket: directories, synchronised
// as `aws s3 sync` does.
//
// See: https://docs.aws.amazon.com/cli/latest/reference/s3/sync.html
type Layer struct {
	// Dirs are the directories whose files become objects; a file in a later
	// one wins. Required.
	Dirs []string

	// Prefix comes before the path of each file, with a slash between them.
	// Default: none.
	Prefix string

	// Prune removes the objects below Prefix that earlier layers put there.
	// Default: false
	Prune bool

	// Exclude and Include are patterns of paths below Dirs, with *, ? and [],
	// which match slashes too. The last pattern that matches a path decides,
	// and those of Include come after those of Exclude.
	// Default: every file.
	Exclude, Include []string

	// Header is sent with each object and wins over what S3 would send, the
	// Content-Type by the file's extension.
	// Default: none.
	Header http.Header

	filters []filter
}

// A filter decides about the paths that match it.
type filter struct {
	pattern *regexp.Regexp
	include bool
}

func (l *Layer) prepare() error {
	if len(l.Dirs) == 0 {
		return errors.New("a layer has no directory")
	}
	for _, dir := range l.Dirs {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("its directory %s does not exist", dir)
		case err != nil:
			return fmt.Errorf("its directory cannot be read: %w", err)
		case !info.IsDir():
			return fmt.Errorf("%s is not a directory", dir)
		}
	}
	l.filters = nil
	for _, pattern := range l.Exclude {
		l.filters = append(l.filters, filter{compile(pattern), false})
	}
	for _, pattern := range l.Include {
		l.filters = append(l.filters, filter{compile(pattern), true})
	}
	return nil
}

// path returns the path of the file that a key means in this layer, and whether
// the layer has a say in that key at all.
func (l *Layer) path(key string) (string, bool) {
	name := key
	if prefix := strings.TrimSuffix(l.Prefix, "/"); prefix != "" {
		rest, ok := strings.CutPrefix(key, prefix+"/")
		if !ok {
			return "", false
		}
		name = rest
	}
	synced := true
	for _, filter := range l.filters {
		if filter.pattern.MatchString(name) {
			synced = filter.include
		}
	}
	return name, synced
}

// open opens the file of a path, fs.ErrNotExist if there is none. Nothing in
// the path leads out of the directory.
func open(dir, name string) (*os.File, fs.FileInfo, error) {
	// Names with empty segments, . or .. are names of no file.
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, nil, fs.ErrNotExist
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, explain(err)
	}
	defer root.Close()
	// A pipe would be waited for if it were opened.
	if info, err := root.Stat(local); err != nil || !info.Mode().IsRegular() {
		if err == nil {
			err = fs.ErrNotExist
		}
		return nil, nil, explain(err)
	}
	file, err := root.Open(local)
	if err != nil {
		return nil, nil, explain(err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, nil, explain(err)
	}
	return file, info, nil
}

// An unreadableError is a file that is there and cannot be served.
type unreadableError struct{ error }

func (e *unreadableError) Unwrap() error { return e.error }

// explain tells names that no file can have from files that cannot be read.
func explain(err error) error {
	for _, none := range []error{fs.ErrNotExist, syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.EINVAL} {
		if errors.Is(err, none) {
			return fs.ErrNotExist
		}
	}
	return &unreadableError{err}
}
