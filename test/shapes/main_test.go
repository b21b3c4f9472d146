// Package shapes tests the local edge with an app that doesn't use cloudfurl's
// constructs. It serves each shape of the app in this process and sends it HTTP
// requests. The directory app is the app, handler one of its handlers.
package shapes

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// synthesized is the directory of the app's assembly. Each shape is a stage, with
// an assembly below it.
var synthesized string

func TestMain(m *testing.M) { localtest.Main(m, synthesize) }

func synthesize(dir string) error {
	synthesized = filepath.Join(dir, "cdk.out")
	// Buffered handlers are written in Python where it is installed.
	language := "python"
	if _, err := exec.LookPath("python3"); err != nil {
		language = "node"
	}
	handler, archive := filepath.Join(dir, "handler"), filepath.Join(dir, "code.zip")
	if err := localtest.Run("", []string{"CGO_ENABLED=0"}, "go", "build", "-o", filepath.Join(handler, "bootstrap"), "./handler"); err != nil {
		return err
	}
	if err := writeZip(archive, "app/code/"+language); err != nil {
		return err
	}
	// The CDK CLI enables this metadata.
	const context = `{"aws:cdk:enable-path-metadata":true,"aws:cdk:enable-asset-metadata":true}`
	return localtest.Run("", []string{"CDK_CONTEXT_JSON=" + context, "CDK_OUTDIR=" + synthesized, "SHAPES_HANDLER=" + handler, "SHAPES_ZIP=" + archive, "SHAPES_LANGUAGE=" + language}, "go", "run", "./app")
}

func writeZip(archive, dir string) error {
	file, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	writer := zip.NewWriter(file)
	if err := writer.AddFS(os.DirFS(dir)); err != nil {
		return err
	}
	return writer.Close()
}

// shape returns the assembly of a shape.
func shape(name string) string {
	localtest.DependOnInputs()
	return filepath.Join(synthesized, "assembly-"+name)
}

// changed copies everything that was synthesized, calls change with each template
// of a shape, and returns the assembly of that shape in the copy.
func changed(t *testing.T, name string, change func(template map[string]any)) string {
	t.Helper()
	assembly := "assembly-" + name
	return filepath.Join(localtest.Copy(t, synthesized, filepath.Join(assembly, "*.template.json"), change), assembly)
}

// each calls change with the properties of every resource of a type.
func each(resourceType string, change func(properties map[string]any)) func(map[string]any) {
	return func(template map[string]any) {
		resources, _ := template["Resources"].(map[string]any)
		for _, resource := range resources {
			if resource := resource.(map[string]any); resource["Type"] == resourceType {
				change(resource["Properties"].(map[string]any))
			}
		}
	}
}

// without removes the resources of a type for which is returns true.
func without(resourceType string, is func(properties map[string]any) bool) func(map[string]any) {
	return func(template map[string]any) {
		resources, _ := template["Resources"].(map[string]any)
		for id, resource := range resources {
			if resource := resource.(map[string]any); resource["Type"] == resourceType && is(resource["Properties"].(map[string]any)) {
				delete(resources, id)
			}
		}
	}
}
