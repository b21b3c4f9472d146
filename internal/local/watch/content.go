package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// errOutside tells that an assembly uses files that are not in its directory.
var errOutside = errors.New("an asset is not in the assembly")

// contentOf returns the files of the assembly in dir that the edge reads, with
// what a stat tells about each, by their slash-separated paths: manifests and
// templates, those of stages too, and the assets that an asset manifest names.
// What earlier syntheses left in the directory is left out.
func contentOf(dir string) (map[string]fs.FileInfo, error) {
	content := map[string]fs.FileInfo{}
	var manifests, assets []string
	add := func(root string, prune func(name string, entry fs.DirEntry) bool) error {
		return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			if prune(filepath.ToSlash(name), entry) {
				if entry.IsDir() {
					return filepath.SkipDir
				}
				return nil
			}
			// A link is what it leads to, as for who reads the assembly.
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				content[filepath.ToSlash(name)] = info
			} else if err != nil {
				return err
			}
			return nil
		})
	}
	err := add(dir, func(name string, entry fs.DirEntry) bool {
		base := entry.Name()
		if strings.HasSuffix(base, ".assets.json") {
			manifests = append(manifests, name)
		}
		return name != "." && (strings.HasPrefix(base, "asset.") || !entry.IsDir() && !strings.HasSuffix(base, ".json") ||
			base == "tree.json" || base == "validation-report.json")
	})
	if err != nil {
		return nil, err
	}
	for _, manifest := range manifests {
		named, err := assetsOf(dir, manifest)
		if err != nil {
			return nil, err
		}
		assets = append(assets, named...)
	}
	for _, asset := range assets {
		if !filepath.IsLocal(asset) {
			return nil, errOutside
		}
		err := add(filepath.Join(dir, asset), func(string, fs.DirEntry) bool { return false })
		// An asset that is missing is for the edge to complain of, if it is
		// needed at all.
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return content, nil
}

// assetsOf returns the paths, relative to dir, of what an asset manifest names.
// One that is broken names nothing here: whoever opens the assembly says so.
func assetsOf(dir, manifest string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, manifest))
	if err != nil {
		return nil, err
	}
	var read struct {
		Files map[string]struct {
			Source struct {
				Path string `json:"path"`
			} `json:"source"`
		} `json:"files"`
	}
	if json.Unmarshal(data, &read) != nil {
		return nil, nil
	}
	var paths []string
	for _, file := range read.Files {
		switch path := file.Source.Path; {
		case path == "":
		case filepath.IsAbs(path):
			relative, err := filepath.Rel(dir, path)
			if err != nil || filepath.IsLocal(relative) {
				// A copy would still lead back to the original.
				return nil, errOutside
			}
		default:
			paths = append(paths, filepath.Join(filepath.Dir(manifest), path))
		}
	}
	return paths, nil
}

// unchanged says whether two looks at an assembly saw the same.
func unchanged(a, b map[string]fs.FileInfo) bool {
	return maps.EqualFunc(a, b, func(x, y fs.FileInfo) bool {
		return x.Size() == y.Size() && x.ModTime().Equal(y.ModTime()) && x.Mode() == y.Mode()
	})
}

// digestOf returns the hash of everything that the edge reads of the assembly
// in dir. It is empty if that cannot be told.
func digestOf(dir string) string {
	content, err := contentOf(dir)
	if err != nil {
		return ""
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(content)) {
		fmt.Fprintf(sum, "%q %v %d\n", name, content[name].Mode(), content[name].Size())
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return ""
		}
		_, err = io.Copy(sum, file)
		if file.Close(); err != nil {
			return ""
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// copyContent makes to hold the files of content, which are in from. Assets are
// linked where the file system can.
func copyContent(content map[string]fs.FileInfo, from, to string) error {
	for name, info := range content {
		source, target := filepath.Join(from, name), filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if strings.Contains(name, "asset.") && os.Link(source, target) == nil {
			continue
		}
		if err := copyFile(source, target, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(source, target string, mode fs.FileMode) error {
	in, err := os.Open(source)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY|os.O_EXCL, mode|0o400)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
