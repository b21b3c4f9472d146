package dockerfile

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// An origin says where files of the image come from.
type origin struct {
	inside  string // absolute path in the image
	outside string // path in the build context, "" for the context itself
	only    string // pattern of the entries of the directories that it is about, if not all
	file    bool   // it is a file, not a directory
}

// add records a copy of a path of the build context. Whether that is a file or a
// directory, whose content is copied, isn't known here, so both are recorded.
func (s *stage) add(source string, t transfer) {
	dir, name := path.Split(source)
	dir = path.Clean("/" + dir)[1:]
	if name != "" {
		if t.directory || hasWildcard(name) {
			s.image.origins = append(s.image.origins, origin{t.destination, dir, name, false})
		} else {
			s.image.origins = append(s.image.origins, origin{t.destination, source, "", true})
		}
	}
	if !hasWildcard(name) {
		s.image.origins = append(s.image.origins, origin{inside: t.destination, outside: source})
	}
}

func hasWildcard(name string) bool { return strings.ContainsAny(name, "*?[") }

// Source returns the path, in the directory that the image is built from, of what
// the image has at an absolute path. A directory that only some files are copied
// into is the one that they come from. What RUN makes and what other images have
// isn't found.
func (i *Image) Source(context, file string) (string, bool) {
	file = path.Clean(file)
	for _, whole := range []bool{true, false} {
		for _, o := range slices.Backward(i.origins) {
			if found, ok := o.find(context, file, whole); ok {
				return found, true
			}
		}
	}
	return "", false
}

// find returns the path in the context of what the image has at file. If whole is
// set, a directory must be copied as a whole.
func (o origin) find(context, file string, whole bool) (string, bool) {
	rel, ok := below(o.inside, file)
	if !ok {
		return "", false
	}
	outside := filepath.Join(context, filepath.FromSlash(o.outside))
	info, err := os.Stat(outside)
	if err != nil || info.IsDir() == o.file {
		return "", false
	}
	if o.only != "" && (rel == "" && (whole || !o.hasFiles(outside)) || rel != "" && !o.names(outside, rel)) {
		return "", false
	}
	found := filepath.Join(outside, filepath.FromSlash(rel))
	if _, err := os.Stat(found); err != nil {
		return "", false
	}
	return found, true
}

// names reports whether a file of the directory outside is one that o is about.
func (o origin) names(outside, name string) bool {
	info, err := os.Stat(filepath.Join(outside, name))
	return matches(o.only, name) && err == nil && !info.IsDir()
}

// hasFiles reports whether the directory outside has a file that o is about.
func (o origin) hasFiles(outside string) bool {
	entries, _ := os.ReadDir(outside)
	return slices.ContainsFunc(entries, func(entry os.DirEntry) bool { return o.names(outside, entry.Name()) })
}
