package assembly

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// manifestFile is the file that makes a directory a cloud assembly.
const manifestFile = "manifest.json"

// schemaMajor is the highest major version of the manifest's schema that this
// package was written against. The CDK raises it whenever a field is added, so
// that a reader which validates strictly notices; see the $comment of the
// schema's version.json. The fields that are read here are old, so a newer
// schema is read too, and Assembly.Newer says so.
//
// Seen: revision 55 in the assemblies of aws-cdk-lib 2.277.0.
const schemaMajor = 55

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
	Properties   artifactProperties `json:"properties"`
	Metadata     metadata           `json:"metadata"`
	MetadataFile string             `json:"additionalMetadataFile"`
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
		return nil, &fault.Error{
			Where: dir, Problem: "directory doesn't exist", Err: fs.ErrNotExist,
			Hint: "run cdk synth to write the assembly, give the directory that it wrote, or a template with --template",
		}
	case err != nil:
		return nil, broken(dir, "", "can't be read: %w", withoutPath(err))
	case !info.IsDir():
		return nil, broken(dir, "give the directory that cdk synth wrote (cdk.out)", "is a file, not the directory of a cloud assembly")
	}
	path := filepath.Join(dir, manifestFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, broken(dir, "run cdk synth, and give the directory that it wrote (cdk.out)", "has no %s, so it isn't a cloud assembly", manifestFile)
	}
	m := new(manifest)
	if err := readJSON(path, m); err != nil {
		return nil, err
	}
	return m, m.check(path)
}

// major returns the major version of the manifest's schema.
func (m *manifest) major() (int, error) {
	text, _, _ := strings.Cut(m.Version, ".")
	return strconv.Atoi(text)
}

func (m *manifest) check(path string) error {
	if _, err := m.major(); err != nil {
		return broken(path, hintSynth, "invalid schema version %q", m.Version)
	}
	if len(m.Missing) > 0 {
		return broken(path, "run cdk synth with credentials once, so that the lookup is kept in cdk.context.json",
			"isn't complete: the context %q (provider %s) was never looked up", m.Missing[0].Key, m.Missing[0].Provider)
	}
	return nil
}
