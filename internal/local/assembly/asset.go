package assembly

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Packaging says in which form an asset is uploaded.
type Packaging string

// Forms of file assets.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.FileAssetPackaging.html
const (
	// PackagingFile is a file that is uploaded as it is.
	PackagingFile Packaging = "file"

	// PackagingZip is a directory that is uploaded as a zip archive of its
	// content.
	PackagingZip Packaging = "zip"
)

// ErrUnsupported is in the chain of errors about what may work on AWS, but can't be
// served locally.
var ErrUnsupported = errors.New("isn't supported locally")

// An Asset is a file or directory that a deployment would upload to S3.
type Asset struct {
	// Path is the absolute path of the file or directory.
	Path string

	// Packaging says whether Path is a file uploaded as it is (which may be
	// a zip archive itself) or a directory uploaded as an archive.
	Packaging Packaging
}

// assetManifest is what is read of a *.assets.json file.
type assetManifest struct {
	Files  map[string]fileAsset  `json:"files"`
	Images map[string]imageAsset `json:"dockerImages"`

	path string
}

type fileAsset struct {
	Source struct {
		Path       string    `json:"path"`
		Packaging  Packaging `json:"packaging"`
		Executable []string  `json:"executable"`
	} `json:"source"`
	Destinations map[string]struct {
		ObjectKey string `json:"objectKey"`
	} `json:"destinations"`
}

// Asset returns the file asset that the stack's template names by objectKey,
// the S3 key (S3Key of a function's Code) or the bare hash. It checks that the
// asset is on the disk, so an asset that isn't asked for may be missing. An
// error is a *fault.Error without a place, because the caller knows the property
// that has the key.
func (s *Stack) Asset(objectKey string) (Asset, error) {
	if open, ok := s.Files[objectKey]; ok {
		return open()
	}
	var known []string
	for _, m := range s.assets {
		for hash, file := range m.Files {
			if hash == objectKey {
				return file.open(m.path)
			}
			for _, destination := range file.Destinations {
				if destination.ObjectKey == objectKey {
					return file.open(m.path)
				}
				known = append(known, destination.ObjectKey)
			}
		}
	}
	slices.Sort(known)
	hint := hintSynth
	if known = slices.Compact(known); len(known) > 0 {
		hint += "; the stack's assets: " + strings.Join(known, ", ")
	}
	err := fault.New(hint, "the stack has no file asset with the S3 key %q", objectKey)
	if s.Files != nil {
		err = &fault.Error{Problem: "its code is in S3, not on this machine", Hint: "name its directory in the template", Err: ErrUnsupported}
	}
	return Asset{}, err
}

func (f fileAsset) open(manifestPath string) (Asset, error) {
	if f.Source.Path == "" {
		return Asset{}, fault.New("use an asset that is a file or directory",
			"its asset is made by the command %q, which cloudfurl doesn't run", strings.Join(f.Source.Executable, " "))
	}
	path := f.Source.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(manifestPath), path)
	}
	asset := Asset{Path: path, Packaging: cmp.Or(f.Source.Packaging, PackagingFile)}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Asset{}, fault.New(hintSynth, "its asset %s is missing: %w", path, withoutPath(err))
	case err != nil:
		return Asset{}, fault.New("", "its asset %s can't be read: %w", path, withoutPath(err))
	case info.IsDir() != (asset.Packaging == PackagingZip):
		return Asset{}, fault.New(hintSynth, "its asset %s isn't what its packaging says, %s", path, asset.Packaging)
	}
	return asset, nil
}
