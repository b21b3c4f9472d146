package assembly

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

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
