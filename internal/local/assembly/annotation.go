package assembly

import (
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

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
