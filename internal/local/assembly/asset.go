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

// An Image is a container image that a deployment would build and push to ECR.
type Image struct {
	// Directory is the absolute path of the directory that it is built from.
	Directory string

	// Dockerfile is the absolute path of its Dockerfile.
	Dockerfile string

	// Target is the stage to build, the last one if it is empty.
	Target string

	// BuildArgs are values of the Dockerfile's ARG instructions.
	BuildArgs map[string]string
}

// imageAsset is what is read of an entry of dockerImages.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.DockerImageSource.html
type imageAsset struct {
	Source struct {
		Directory  string            `json:"directory"`
		Executable []string          `json:"executable"`
		File       string            `json:"dockerFile"`
		Target     string            `json:"dockerBuildTarget"`
		BuildArgs  map[string]string `json:"dockerBuildArgs"`
	} `json:"source"`
	Destinations map[string]struct {
		RepositoryName string `json:"repositoryName"`
		ImageTag       string `json:"imageTag"`
	} `json:"destinations"`
}

// Image returns the image asset that the stack's template names by a URI in ECR.
// It returns nil for an image that isn't of the assembly. An error is a
// *fault.Error without a place.
func (s *Stack) Image(uri string) (*Image, error) {
	if image, ok := s.Images[uri]; ok {
		return image, nil
	}
	for _, m := range s.assets {
		for _, image := range m.Images {
			if image.hasURI(uri) {
				return image.open(m.path)
			}
		}
	}
	return nil, nil
}

// hasURI reports whether an image is pushed to a URI, such as
// 111122223333.dkr.ecr.eu-west-1.amazonaws.com/repository:tag. The name of the
// repository may have placeholders for account and region.
func (i imageAsset) hasURI(uri string) bool {
	_, name, _ := strings.Cut(uri, "/")
	colon := strings.LastIndex(name, ":")
	if colon < 0 {
		return false
	}
	for _, destination := range i.Destinations {
		repository, _, placeholder := strings.Cut(destination.RepositoryName, "${")
		same := name[:colon] == repository || placeholder && strings.HasPrefix(name, repository)
		if same && name[colon+1:] == destination.ImageTag {
			return true
		}
	}
	return false
}

func (i imageAsset) open(manifestPath string) (*Image, error) {
	source := i.Source
	if source.Directory == "" {
		return nil, fault.New("use an image asset with a Dockerfile",
			"its image is made by the command %q, which cloudfurl doesn't run", strings.Join(source.Executable, " "))
	}
	directory := source.Directory
	if !filepath.IsAbs(directory) {
		directory = filepath.Join(filepath.Dir(manifestPath), directory)
	}
	if info, err := os.Stat(directory); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, fault.New(hintSynth, "the directory %s of its image is missing", directory)
	} else if err != nil {
		return nil, fault.New("", "the directory %s of its image can't be read: %w", directory, withoutPath(err))
	}
	file := cmp.Or(source.File, "Dockerfile")
	return &Image{Directory: directory, Dockerfile: filepath.Join(directory, file), Target: source.Target, BuildArgs: source.BuildArgs}, nil
}
