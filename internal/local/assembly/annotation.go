package assembly

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Types of metadata that are annotations; all others are skipped.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactMetadataEntryType.html
const (
	metadataInfo    = "aws:cdk:info"
	metadataWarning = "aws:cdk:warning"
	metadataError   = "aws:cdk:error"
)

// An Annotation is what a construct of the app tells its author, as the cdk command
// shows it.
type Annotation struct {
	Severity Severity

	// Path is the path of the construct.
	Path string

	Message string
}

// A Severity is how serious an annotation is.
type Severity int

const (
	Info Severity = iota
	Warning

	// Error means that the cdk command doesn't deploy the stack.
	//
	// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Annotations.html
	Error
)

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
	severities := map[string]Severity{metadataInfo: Info, metadataWarning: Warning, metadataError: Error}
	var found []Annotation
	for _, path := range slices.Sorted(maps.Keys(m)) {
		for _, entry := range m[path] {
			severity, ok := severities[entry.Type]
			if message, isText := entry.Data.(string); ok && isText {
				found = append(found, Annotation{severity, strings.TrimPrefix(path, "/"), message})
			}
		}
	}
	return found
}
