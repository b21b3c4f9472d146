package templatefile

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// write writes files into a new directory.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readOne reads the template of a directory as the stack app.
func readOne(t *testing.T, dir string, parameters map[string]string) (*assembly.Stack, *logtest.Log) {
	t.Helper()
	log, wrote := logtest.New()
	stacks, err := Read([]File{{Path: filepath.Join(dir, "template.yaml"), Stack: "app", Region: "eu-west-1"}},
		Options{Parameters: parameters, Temp: t.TempDir(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return stacks[0], wrote
}

// propertiesOf returns the properties of a resource as JSON.
func propertiesOf(t *testing.T, s *assembly.Stack, id string) string {
	t.Helper()
	resource := s.Template["Resources"].(map[string]any)[id].(map[string]any)
	text, err := json.Marshal(resource["Properties"])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const plainTemplate = `
Parameters:
  Folder: {Type: String, Default: src}
Resources:
  Dir: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: !Ref Folder}}
  Zip: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: app.zip}}
  Gone: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: nowhere}}
  Inline: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: {ZipFile: pass}}}
  Bucket: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: {S3Bucket: a, S3Key: b}}}
  Layer: {Type: AWS::Lambda::LayerVersion, Properties: {Content: src}}
  Image:
    Type: AWS::Lambda::Function
    Properties: {PackageType: Image}
    Metadata: {DockerContext: ./image, Dockerfile: File, DockerBuildTarget: final, DockerBuildArgs: {A: 1}}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: more/nested.yaml}}
`

func TestRead_makes_assets_of_paths(t *testing.T) {
	dir := write(t, map[string]string{
		"template.yaml": plainTemplate, "src/index.py": "", "app.zip": "", "image/File": "FROM scratch",
		"more/nested.yaml": "Resources:\n  Deep: {Type: AWS::Lambda::Function, Properties: {Code: ../src}}",
	})
	s, _ := readOne(t, dir, nil)
	for key, want := range map[string]assembly.Asset{
		"Dir":   {Path: filepath.Join(dir, "src"), Packaging: assembly.PackagingZip},
		"Zip":   {Path: filepath.Join(dir, "app.zip"), Packaging: assembly.PackagingFile},
		"Layer": {Path: filepath.Join(dir, "src"), Packaging: assembly.PackagingZip},
	} {
		if got, err := s.Asset(key); got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", key, got, err, want)
		}
		if got := propertiesOf(t, s, key); !strings.Contains(got, `"S3Key":"`+key+`"`) {
			t.Errorf("%s: got %s, want its key", key, got)
		}
	}
	for _, key := range []string{"Gone", "b"} {
		if _, err := s.Asset(key); !errors.Is(err, assembly.ErrUnsupported) || fault.HintOf(err) == "" {
			t.Errorf("%s: got %v, want an error of one part, with a hint", key, err)
		}
	}
	nested := s.Nested["Nested"]
	if got, err := nested.Asset("Deep"); got.Path != filepath.Join(dir, "src") || nested.ID != "app/Nested" || nested.Region != "eu-west-1" {
		t.Errorf("got %+v, %v of the nested stack %s in %s", got, err, nested.ID, nested.Region)
	}
	uri := strings.Split(propertiesOf(t, s, "Image"), `"`)[5]
	want := &assembly.Image{Directory: filepath.Join(dir, "image"), Dockerfile: filepath.Join(dir, "image/File"), Target: "final", BuildArgs: map[string]string{"A": "1"}}
	got, err := s.Image(uri)
	if err != nil || got == nil {
		t.Fatalf("got %v, %v for the image %s", got, err, uri)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("image (-want +got):\n%s", diff)
	}
}

func TestRead_names_the_file_and_line_of_a_mistake(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"template.yaml, line 2: ":                   {"template.yaml": "Resources:\n  A: [1"},
		"template.yaml: can't be read: no such fil": {},
		"more.yaml: can't be read: no such file":    {"template.yaml": "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: more.yaml}}"},
		"stacks are nested more than 32 deep":       {"template.yaml": "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: template.yaml}}"},
	} {
		dir := write(t, files)
		_, err := Read([]File{{Path: filepath.Join(dir, "template.yaml"), Stack: "app"}}, Options{Log: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("got %v, want %q and a hint", err, want)
		}
	}
}

func TestRead_warns_of_what_it_leaves_out(t *testing.T) {
	_, wrote := readOne(t, write(t, map[string]string{
		"template.yaml": "Transform: [AWS::LanguageExtensions, {Name: Mine}]\nResources:\n  Fn::ForEach::All: [N, [a], {}]",
	}), nil)
	wrote.Want(t, "is read without the transform Mine", "hint=")
	wrote.Want(t, "is read without Fn::ForEach::All", "hint=")
	if strings.Contains(wrote.String(), "LanguageExtensions") {
		t.Errorf("got a warning of a transform that changes nothing here: %s", wrote)
	}
}

func TestSources_are_templates_and_what_they_name(t *testing.T) {
	dir := write(t, map[string]string{
		"deploy/template.yaml": "Resources:\n  A: {Type: AWS::Lambda::Function, Properties: {Code: ../src}}\n  B: {Type: AWS::Lambda::Function, Properties: {Code: ../zips/b.zip}}",
		"src/a.py":             "", "zips/b.zip": "",
	})
	got := Sources([]File{{Path: filepath.Join(dir, "deploy/template.yaml")}, {Path: filepath.Join(dir, "none/template.yaml")}})
	for _, want := range []string{"deploy", "src", "zips/b.zip", "none"} {
		if !slices.Contains(got, filepath.Join(dir, want)) {
			t.Errorf("got %v, want %s in it", got, want)
		}
	}
}
