package bucket

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
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
	// Default: none
	Prefix string

	// Prune removes the objects below Prefix that earlier layers put there.
	// Default: false
	Prune bool

	// Exclude and Include are patterns of paths below Dirs, with * and ?, which
	// match slashes too. The last pattern that matches a path decides; those of
	// Include come after those of Exclude. Left out: sets of characters in brackets.
	// See: https://docs.aws.amazon.com/cli/latest/reference/s3/#use-of-exclude-and-include-filters
	// Default: every file
	Exclude, Include []string

	// Header is sent with each object. It wins over the Content-Type by the
	// file's extension.
	// Default: none
	Header http.Header
}

func (l *Layer) check() error {
	for _, dir := range l.Dirs {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fault.At(dir, fault.New("create the directory, or name another one", "directory doesn't exist"))
		case err != nil:
			return fault.At(dir, fault.New("let this user read the directory", "can't be read: %w", err))
		case !info.IsDir():
			return fault.At(dir, fault.New("name the directory that holds the files", "isn't a directory"))
		}
	}
	return nil
}

// path returns the path of a key's file in this layer, and false if the layer
// doesn't deploy the key.
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
	for _, pattern := range l.Exclude {
		synced = synced && !wildcard.Match(pattern, name)
	}
	for _, pattern := range l.Include {
		synced = synced || wildcard.Match(pattern, name)
	}
	return name, synced
}

// open opens the file of a path, or returns fs.ErrNotExist. Nothing in the path
// leads out of the directory.
func open(dir, name string) (*os.File, fs.FileInfo, error) {
	// A key with an empty segment, . or .. never names a file.
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, nil, fs.ErrNotExist
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, explain(err)
	}
	defer root.Close()
	info, err := root.Stat(local)
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist // opening a pipe would wait for a writer
	}
	if err != nil {
		return nil, nil, explain(err)
	}
	file, err := root.Open(local)
	return file, info, explain(err)
}

// explain returns fs.ErrNotExist for names that a file can't have, and err
// otherwise.
func explain(err error) error {
	for _, none := range []error{fs.ErrNotExist, syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.EINVAL} {
		if errors.Is(err, none) {
			return fs.ErrNotExist
		}
	}
	return err
}
