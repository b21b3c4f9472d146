package lambda

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// optDir is where functions find their layers.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
const optDir = "/opt"

// An opt is what a function has at /opt.
type opt struct {
	dir    string // on this machine; empty without layers
	merged string // the same if this package made it
}

// newOpt merges the layers of a function.
func newOpt(c Config) (opt, error) {
	switch len(c.Layers) {
	case 0:
		return opt{}, nil
	case 1:
		return opt{dir: c.Layers[0]}, nil
	}
	dir, err := mergeLayers(c.Layers)
	if err != nil {
		return opt{}, fault.In("Layers", fmt.Errorf("can't merge the layers: %w", err))
	}
	return opt{dir, dir}, nil
}

// optPath finds /opt where a path begins in the value of a variable.
var optPath = regexp.MustCompile(`(^|[:=\s"'])/opt(/|$|[:\s"'])`)

// at returns a path, or the value of a variable, with the paths on this machine of what
// the function's processes find below /opt.
func (o opt) at(value string) string {
	if o.dir == "" {
		return value
	}
	return optPath.ReplaceAllString(value, "${1}"+strings.ReplaceAll(o.dir, "$", "$$")+"${2}")
}

// mergeLayers returns a new directory with the content of the layers, of which
// later ones win. Its files are links where the file system allows it.
func mergeLayers(layers []string) (string, error) {
	dir, err := os.MkdirTemp("", "cloudfurl-opt-")
	if err != nil {
		return "", err
	}
	for _, layer := range layers {
		err := filepath.WalkDir(layer, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || path == layer {
				return err
			}
			return addToLayer(path, filepath.Join(dir, strings.TrimPrefix(path, layer)), entry)
		})
		if err != nil {
			return "", errors.Join(err, os.RemoveAll(dir))
		}
	}
	return dir, nil
}

// addToLayer makes target what path is. What it replaces is removed first, so nothing
// is written through the links of an earlier layer.
func addToLayer(path, target string, entry fs.DirEntry) error {
	existing, err := os.Lstat(target)
	if err == nil && existing.IsDir() && entry.IsDir() {
		return nil
	}
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	switch {
	case entry.IsDir():
		return os.Mkdir(target, 0o755)
	case entry.Type() == fs.ModeSymlink:
		link, err := os.Readlink(path)
		if err != nil {
			return err
		}
		return os.Symlink(link, target)
	case os.Link(path, target) == nil:
		return nil
	}
	info, err := entry.Info()
	if err != nil {
		return err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(target, content, info.Mode().Perm())
}
