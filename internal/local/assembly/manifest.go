package assembly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
			Hint: "run cdk synth to write the assembly, pass the directory that it wrote, or a template with --template",
		}
	case err != nil:
		return nil, broken(dir, "", "can't be read: %w", withoutPath(err))
	case !info.IsDir():
		return nil, broken(dir, "pass the directory that cdk synth wrote (cdk.out)", "is a file, not the directory of a cloud assembly")
	}
	path := filepath.Join(dir, manifestFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, broken(dir, "run cdk synth, and pass the directory that it wrote (cdk.out)", "has no %s, so it isn't a cloud assembly", manifestFile)
	}
	m := new(manifest)
	if err := readJSON(path, m); err != nil {
		return nil, err
	}
	return m, m.check(path)
}

func (m *manifest) major() int {
	text, _, _ := strings.Cut(m.Version, ".")
	major, _ := strconv.Atoi(text)
	return major
}

func (m *manifest) check(path string) error {
	if len(m.Missing) > 0 {
		return broken(path, "run cdk synth with credentials once, so that the lookup is kept in cdk.context.json",
			"isn't complete: the context %q (provider %s) was never looked up", m.Missing[0].Key, m.Missing[0].Provider)
	}
	return nil
}

const hintSynth = "run cdk synth again"

// maxFile is the largest file that is read, in bytes. CloudFormation's limit for
// templates is 1 MB; manifests of large apps have some more.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxFile = 64 << 20

func broken(path, hint, format string, args ...any) error {
	return fault.At(path, fault.New(hint, format, args...))
}

// readJSON decodes the JSON of a file. Numbers keep their text, as
// templates compare and join them as text.
func readJSON(path string, into any) error {
	data, err := ReadFile(path)
	if err != nil {
		return broken(path, hintSynth, "can't be read: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return broken(path, hintSynth, "isn't valid JSON: %w", err)
	}
	return nil
}

// ReadFile reads a regular file of at most maxFile bytes: a device or a pipe
// might never end. An error doesn't name the file.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, withoutPath(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it isn't a regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it is larger than %d MB", maxFile>>20)
	}
	data, err := os.ReadFile(path)
	return data, withoutPath(err)
}

// withoutPath takes the path out of an error of package os.
func withoutPath(err error) error {
	if inner := new(fs.PathError); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}
