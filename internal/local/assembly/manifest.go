package assembly

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// manifestFile is the file that makes a directory a cloud assembly.
const manifestFile = "manifest.json"

// schemaMajor is the highest major version of the manifest's schema that this
// package was written against. The CDK raises it whenever a field is added, so
// that a reader which validates strictly notices; see the $comment of the
// schema's version.json. What is read here has been in the schema for long, so a
// newer one is read too, and told of by Assembly.Newer.
//
// Seen: revision 54 in @aws-cdk/cloud-assembly-schema 54.11.0.
const schemaMajor = 54

// Types of artifacts that are read; all others are skipped.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactType.html
const (
	artifactStack    = "aws:cloudformation:stack"
	artifactAssets   = "cdk:asset-manifest"
	artifactAssembly = "cdk:cloud-assembly"
)

// manifest is what is read of manifest.json.
type manifest struct {
	Version   string              `json:"version"`
	Artifacts map[string]artifact `json:"artifacts"`
	Missing   []struct {
		Key      string `json:"key"`
		Provider string `json:"provider"`
	} `json:"missing"`
}

type artifact struct {
	Type         string             `json:"type"`
	Environment  string             `json:"environment"`
	Dependencies []string           `json:"dependencies"`
	DisplayName  string             `json:"displayName"`
	Properties   artifactProperties `json:"properties"`
}

// artifactProperties is the union of the properties of the artifact types
// that are read.
type artifactProperties struct {
	TemplateFile     string            `json:"templateFile"`
	StackName        string            `json:"stackName"`
	Parameters       map[string]string `json:"parameters"`
	NotificationARNs []string          `json:"notificationArns"`
	File             string            `json:"file"`
	DirectoryName    string            `json:"directoryName"`
}

func readManifest(dir string) (*manifest, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Path: dir, Problem: "there is no such directory", Cure: "run cdk synth to write the assembly, or name the directory that it wrote", Err: fs.ErrNotExist}
	case err != nil:
		return nil, &Error{Path: dir, Problem: "cannot be read", Err: err}
	case !info.IsDir():
		return nil, &Error{Path: dir, Problem: "is a file, not the directory of a cloud assembly", Cure: "name the directory that cdk synth wrote (cdk.out)"}
	}
	path := filepath.Join(dir, manifestFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Path: dir, Problem: "has no " + manifestFile + ", so it is no cloud assembly", Cure: "run cdk synth, and name the directory that it wrote (cdk.out)", Err: fs.ErrNotExist}
	}
	m := new(manifest)
	if err := readJSON(path, m); err != nil {
		return nil, err
	}
	if err := m.check(path); err != nil {
		return nil, err
	}
	return m, nil
}

// major returns the major version of the manifest's schema.
func (m *manifest) major() (int, error) {
	text, _, _ := strings.Cut(m.Version, ".")
	return strconv.Atoi(text)
}

func (m *manifest) check(path string) error {
	if m.Version == "" {
		return &Error{Path: path, Problem: `has no "version"`, Cure: cureSynth}
	}
	if _, err := m.major(); err != nil {
		return &Error{Path: path, Problem: fmt.Sprintf("has version %q, which is no schema version", m.Version), Cure: cureSynth}
	}
	if len(m.Missing) > 0 {
		return &Error{
			Path:    path,
			Problem: fmt.Sprintf("is not complete: the context %q (provider %s) was never looked up", m.Missing[0].Key, m.Missing[0].Provider),
			Cure:    "run cdk synth with credentials once, so that the lookup lands in cdk.context.json",
		}
	}
	return nil
}
