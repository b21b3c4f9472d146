package assembly

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestOpen_reads_stacks_by_id(t *testing.T) {
	a := open(t, "testdata/app")
	var ids []string
	for _, s := range a.Stacks {
		ids = append(ids, s.ID)
	}
	if diff := cmp.Diff([]string{"Api", "Edge", "Open"}, ids); diff != "" {
		t.Errorf("order of stacks (-want +got):\n%s", diff)
	}
	if !filepath.IsAbs(a.Stacks[0].TemplateFile) {
		t.Errorf("TemplateFile = %q, not absolute", a.Stacks[0].TemplateFile)
	}
}

func TestOpen_reads_names_environment_and_parameters(t *testing.T) {
	a := open(t, "testdata/app")
	api := stackOf(t, a, "Api")
	got := []any{api.Name, api.Account, api.Region, api.Parameters, api.NotificationARNs}
	want := []any{"api-stack", "", "ap-northeast-1", map[string]string{"Level": "debug"}, []string{"arn:aws:sns:ap-northeast-1:111122223333:events"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stack Api (-want +got):\n%s", diff)
	}
	edge := stackOf(t, a, "Edge")
	if edge.Name != "Edge" || edge.Account != "111122223333" || edge.Region != "us-east-1" {
		t.Errorf("stack Edge = %s in %s/%s", edge.Name, edge.Account, edge.Region)
	}
	openStack := stackOf(t, a, "Open")
	if openStack.Account != "" || openStack.Region != "" {
		t.Errorf("environment-agnostic stack is in %q/%q, want neither", openStack.Account, openStack.Region)
	}
}

func TestOpen_keeps_the_text_of_numbers(t *testing.T) {
	api := stackOf(t, open(t, "testdata/app"), "Api")
	function := api.Template["Resources"].(map[string]any)["Function76856677"].(map[string]any)
	if got := function["Properties"].(map[string]any)["Timeout"]; got != json.Number("30") {
		t.Errorf("Timeout = %#v, want json.Number 30", got)
	}
}

func TestOpen_reads_the_stacks_of_stages(t *testing.T) {
	a := open(t, "testdata/stages")
	if len(a.Stacks) != 2 || a.Stacks[0].ID != "BetaApi8B1D" || a.Stacks[1].ID != "ProdApi8B1D" {
		t.Fatalf("stacks = %v", a.Stacks)
	}
	asset, err := a.Stacks[1].Asset(hash1 + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(absolute(t, "testdata/stages"), "asset."+hash1); asset.Path != want {
		t.Errorf("asset of a stage is %s, want %s", asset.Path, want)
	}
}

func TestOpen_reads_nested_stacks_by_metadata_and_by_key(t *testing.T) {
	parent := stackOf(t, open(t, "testdata/nested"), "Parent")
	got := make(map[string]string)
	for id, nested := range parent.Nested {
		got[id] = nested.ID + " " + filepath.Base(nested.TemplateFile)
		if len(nested.Template) == 0 {
			t.Errorf("nested stack %s has no template", id)
		}
	}
	want := map[string]string{
		"NamedNestedStack12AB": "Parent/NamedNestedStack12AB ParentNamed12AB.nested.template.json",
		"KeyedNestedStack34CD": "Parent/KeyedNestedStack34CD ParentKeyed34CD.nested.template.json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nested stacks (-want +got):\n%s", diff)
	}
}

func TestOpen_of_a_missing_directory_says_to_synthesize(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "cdk.out"))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(fault.HintOf(err), "cdk synth") {
		t.Errorf("Open = %v", err)
	}
}

func TestOpen_rejects(t *testing.T) {
	const stack = `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","environment":"aws://unknown-account/unknown-region","properties":{"templateFile":"t.json"}}}}`
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"a template that is a directory", map[string]string{"manifest.json": strings.Replace(stack, "t.json", "..", 1)}, []string{"can't be read: it isn't a regular file"}},
		{"a template that is a device", map[string]string{"manifest.json": strings.Replace(stack, "t.json", "../../../../../../../dev/zero", 1)}, []string{"/dev/zero: can't be read: it isn't a regular file"}},
		{"a directory without manifest", map[string]string{"readme": ""}, []string{"has no manifest.json", "cdk synth"}},
		{"a manifest cut short", map[string]string{"manifest.json": "{\n \"version\": \"54"}, []string{"manifest.json", "isn't valid JSON: "}},
		{"a manifest with a stray byte", map[string]string{"manifest.json": "{\n \"version\" ! \"54\"}"}, []string{"invalid character '!'"}},
		{"a manifest of the wrong shape", map[string]string{"manifest.json": `{"version": 54}`}, []string{"isn't valid JSON: ", "version"}},
		{"no stack", map[string]string{"manifest.json": `{"version":"54.0.0"}`}, []string{"has no stack"}},
		{"missing context", map[string]string{"manifest.json": `{"version":"54.0.0","missing":[{"key":"availability-zones:account=1","provider":"availability-zones"}]}`}, []string{"availability-zones:account=1", "cdk.context.json"}},
		{"a missing template", map[string]string{"manifest.json": stack}, []string{"t.json", "can't be read", "no such file"}},
		{"a broken template", map[string]string{"manifest.json": stack, "t.json": "{\"Resources\":\n\n[}"}, []string{"t.json", "invalid character '}'"}},
		{"an empty template", map[string]string{"manifest.json": stack, "t.json": ""}, []string{"t.json", "isn't valid JSON: "}},
		{"a template of the wrong shape", map[string]string{"manifest.json": stack, "t.json": "[]"}, []string{"t.json", "isn't valid JSON"}},
		{"a stage that is the assembly itself", map[string]string{"manifest.json": `{"version":"54.0.0","artifacts":{"A":{"type":"cdk:cloud-assembly","properties":{"directoryName":"."}}}}`}, []string{"more than 32 deep"}},
		{"a missing stage", map[string]string{"manifest.json": `{"version":"54.0.0","artifacts":{"A":{"type":"cdk:cloud-assembly","properties":{"directoryName":"assembly-A"}}}}`}, []string{"assembly-A", "directory doesn't exist"}},
		{"a broken asset manifest", map[string]string{"manifest.json": `{"version":"54.0.0","artifacts":{"A":{"type":"cdk:asset-manifest","properties":{"file":"a.json"}}}}`, "a.json": `{"files":[]}`}, []string{"a.json", "files"}},
		{"nested stacks that contain themselves", map[string]string{"manifest.json": stack, "t.json": `{"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Metadata":{"aws:asset:path":"t.json"}}}}`}, []string{"more than 32 deep"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(write(t, test.files))
			if err == nil {
				t.Fatal("Open succeeds")
			}
			var located *fault.Error
			if !errors.As(err, &located) || located.Where == "" {
				t.Errorf("error %v has no place", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) && !strings.Contains(fault.HintOf(err), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}

func TestOpen_rejects_a_file(t *testing.T) {
	dir := write(t, map[string]string{"template.json": "{}"})
	if _, err := Open(filepath.Join(dir, "template.json")); err == nil || !strings.Contains(err.Error(), "is a file") {
		t.Errorf("Open = %v", err)
	}
}

func TestOpen_accepts_stacks_that_depend_on_each_other(t *testing.T) {
	dir := write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{
			"A":{"type":"aws:cloudformation:stack","properties":{"templateFile":"t.json"},"dependencies":["B","elsewhere"]},
			"B":{"type":"aws:cloudformation:stack","properties":{"templateFile":"t.json"},"dependencies":["A"]}}}`,
		"t.json": `{}`,
	})
	if a := open(t, dir); len(a.Stacks) != 2 {
		t.Errorf("%d stacks, want 2", len(a.Stacks))
	}
}

func stackOf(t *testing.T, a *Assembly, id string) *Stack {
	t.Helper()
	for _, s := range a.Stacks {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no stack %s", id)
	return nil
}

func absolute(t *testing.T, dir string) string {
	t.Helper()
	path, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, dir string) *Assembly {
	t.Helper()
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
