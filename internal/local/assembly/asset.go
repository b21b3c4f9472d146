package assembly

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// An Asset is a file or directory that a deployment would upload to S3.
type Asset struct {
	// Hash is the asset's id in its manifest, a hash of its content.
	Hash string

	// DisplayName is the construct path of the asset. Empty if the manifest
	// gives none.
	DisplayName string

	// Path is the absolute path of the file or directory.
	Path string

	// Packaging says whether Path is a file uploaded as it is (which may be
	// a zip archive itself) or a directory uploaded as an archive.
	Packaging Packaging
}

// assetManifest is what is read of a *.assets.json file.
type assetManifest struct {
	Version string               `json:"version"`
	Files   map[string]fileAsset `json:"files"`

	path string
}

type fileAsset struct {
	DisplayName string `json:"displayName"`
	Source      struct {
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
// asset is on the disk, so an asset that nobody asks for may be missing.
func (s *Stack) Asset(objectKey string) (Asset, error) {
	var known []string
	for _, m := range s.assets {
		for hash, file := range m.Files {
			if hash == objectKey {
				return file.open(hash, m.path)
			}
			for _, destination := range file.Destinations {
				if destination.ObjectKey == objectKey {
					return file.open(hash, m.path)
				}
				known = append(known, destination.ObjectKey)
			}
		}
	}
	slices.Sort(known)
	cure := "the stack has no file assets; " + cureSynth
	if known = slices.Compact(known); len(known) > 0 {
		cure = "known: " + strings.Join(known, ", ")
	}
	return Asset{}, &Error{
		Path:    s.TemplateFile,
		Problem: fmt.Sprintf("stack %s has no file asset with the S3 key %q", s.ID, objectKey),
		Cure:    cure,
	}
}

func (f fileAsset) open(hash, manifestPath string) (Asset, error) {
	if f.Source.Path == "" {
		return Asset{}, &Error{
			Path:    manifestPath,
			Problem: fmt.Sprintf("asset %s is made by the command %q, which is not run here", hash, strings.Join(f.Source.Executable, " ")),
			Cure:    "use an asset that is a file or directory",
		}
	}
	path := f.Source.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(manifestPath), path)
	}
	asset := Asset{Hash: hash, DisplayName: f.DisplayName, Path: path, Packaging: f.Source.Packaging}
	if asset.Packaging == "" {
		asset.Packaging = PackagingFile
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Asset{}, &Error{Path: path, Problem: "asset " + hash + " is in the manifest, but not on the disk", Cure: cureSynth, Err: err}
	case err != nil:
		return Asset{}, &Error{Path: path, Problem: "asset " + hash + " cannot be read", Err: err}
	}
	switch asset.Packaging {
	case PackagingFile:
		if info.IsDir() {
			return Asset{}, &Error{Path: path, Problem: "asset " + hash + ` has packaging "file", but is a directory`, Cure: cureSynth}
		}
	case PackagingZip:
		if !info.IsDir() {
			return Asset{}, &Error{Path: path, Problem: "asset " + hash + ` has packaging "zip", but is no directory`, Cure: cureSynth}
		}
	default:
		return Asset{}, &Error{Path: manifestPath, Problem: fmt.Sprintf("asset %s has packaging %q; known: file, zip", hash, asset.Packaging), Cure: cureSynth}
	}
	return asset, nil
}
