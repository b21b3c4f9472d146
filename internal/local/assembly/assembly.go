package assembly

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// maxNesting bounds how deep stages are nested in stages, and stacks in stacks,
// so that an assembly that contains itself is an error.
const maxNesting = 32

// An Assembly is everything that one CDK app synthesized.
type Assembly struct {
	// Stacks are the stacks of the app and of all its stages, by ID. Nested stacks are
	// in their parents.
	Stacks []*Stack

	// Annotations are what constructs tell the author of the app, by stack and
	// construct path.
	Annotations []Annotation

	// Newer is the version of the first manifest whose schema is newer than
	// those that this package knows, or empty.
	Newer string
}

// Open reads the cloud assembly in the directory dir with all its manifests and
// templates. Assets are read when they are asked for. An error is a
// *fault.Error that names a file or directory.
func Open(dir string) (*Assembly, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fault.At(dir, err)
	}
	a := new(Assembly)
	err = a.read(absolute, 0)
	if broken := new(fault.Error); a.Newer != "" && errors.As(err, &broken) {
		blamed := *broken
		blamed.Hint = fmt.Sprintf("use a newer cloudfurl: the assembly has schema %s, and this one supports up to %d", a.Newer, schemaMajor)
		err = &blamed
	}
	if err != nil {
		return nil, err
	}
	if len(a.Stacks) == 0 {
		return nil, broken(filepath.Join(absolute, manifestFile), "check that the app defines a stack, and run cdk synth again", "has no stack")
	}
	return a, nil
}

// read adds the stacks of the assembly in dir and of its stages.
func (a *Assembly) read(dir string, depth int) error {
	if depth > maxNesting {
		return broken(dir, hintSynth, "stages are nested more than %d deep", maxNesting)
	}
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	if m.major() > schemaMajor && a.Newer == "" {
		a.Newer = m.Version
	}
	assets, err := readAssetManifests(dir, m)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		artifact := m.Artifacts[id]
		switch artifact.Type {
		case artifactStack:
			s, err := readStack(dir, id, artifact, assets)
			if err != nil {
				return err
			}
			a.Stacks = append(a.Stacks, s)
			annotations, err := artifact.annotations(dir)
			if err != nil {
				return err
			}
			a.Annotations = append(a.Annotations, annotations...)
		case artifactAssembly:
			if err := a.read(filepath.Join(dir, artifact.Properties.DirectoryName), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func readAssetManifests(dir string, m *manifest) (map[string]*assetManifest, error) {
	found := make(map[string]*assetManifest)
	for id, artifact := range m.Artifacts {
		if artifact.Type != artifactAssets {
			continue
		}
		assets := &assetManifest{path: filepath.Join(dir, artifact.Properties.File)}
		if err := readJSON(assets.path, assets); err != nil {
			return nil, err
		}
		found[id] = assets
	}
	return found, nil
}

// annotationLevels are the levels of annotations by the type of their metadata; all other
// types are skipped.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactMetadataEntryType.html
var annotationLevels = map[string]slog.Level{
	"aws:cdk:info": slog.LevelInfo, "aws:cdk:warning": slog.LevelWarn, "aws:cdk:error": slog.LevelError,
}

// An Annotation is what a construct of the app tells its author, as the cdk command
// shows it.
type Annotation struct {
	// Level is that of information, a warning or an error. With an error, the cdk command
	// doesn't deploy the stack.
	//
	// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Annotations.html
	Level slog.Level

	// Path is the path of the construct.
	Path string

	Message string
}

// A metadata holds the metadata of constructs by their paths, which begin with a
// slash.
type metadata map[string][]struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

// annotations returns the annotations of a stack: those in the manifest, and those
// in a file of its own, where newer CDKs write them. They are sorted by path.
func (a artifact) annotations(dir string) ([]Annotation, error) {
	found := a.Metadata.annotations()
	if a.MetadataFile == "" {
		return found, nil
	}
	var more metadata
	if err := readJSON(filepath.Join(dir, a.MetadataFile), &more); err != nil {
		return nil, err
	}
	return append(found, more.annotations()...), nil
}

func (m metadata) annotations() []Annotation {
	var found []Annotation
	for _, path := range slices.Sorted(maps.Keys(m)) {
		for _, entry := range m[path] {
			level, ok := annotationLevels[entry.Type]
			if message, isText := entry.Data.(string); ok && isText {
				found = append(found, Annotation{level, strings.TrimPrefix(path, "/"), message})
			}
		}
	}
	return found
}
