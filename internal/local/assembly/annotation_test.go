package assembly

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// annotated writes an assembly whose stack has metadata in its manifest and in a
// file of its own, which is left out if it is empty.
func annotated(t *testing.T, inManifest, inFile string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"manifest.json": `{"version": "54.0.0", "artifacts": {"Api": {
			"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
			"properties": {"templateFile": "Api.template.json"},
			"metadata": ` + inManifest + `, "additionalMetadataFile": "Api.metadata.json"}}}`,
		"Api.template.json": "{}",
		"Api.metadata.json": inFile,
	} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOpen_reads_annotations_of_the_manifest_and_of_the_stacks_file(t *testing.T) {
	dir := annotated(t,
		`{"/Api/Old": [{"type": "aws:cdk:logicalId", "data": "Old"}, {"type": "aws:cdk:info", "data": "an older CDK"}]}`,
		`{"/Api/Z": [{"type": "aws:cdk:error", "data": "can't be deployed"}],
		  "/Api/A": [{"type": "aws:cdk:warning", "data": "isn't pinned"}, {"type": "aws:cdk:warning", "data": {"no": "text"}},
		             {"type": "aws:cdk:creationStack", "data": ["main.go:1"]}]}`)
	want := []Annotation{
		{slog.LevelInfo, "Api/Old", "an older CDK"},
		{slog.LevelWarn, "Api/A", "isn't pinned"},
		{slog.LevelError, "Api/Z", "can't be deployed"},
	}
	if diff := cmp.Diff(want, open(t, dir).Annotations); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

func TestOpen_names_a_file_of_metadata_that_is_missing_or_broken(t *testing.T) {
	for text, want := range map[string]string{"": "can't be read", "{": "isn't valid JSON"} {
		_, err := Open(annotated(t, "{}", text))
		if err == nil || !strings.Contains(err.Error(), "Api.metadata.json") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want a sentence about Api.metadata.json with %q", text, err, want)
		}
	}
}
