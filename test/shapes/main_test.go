// Package shapes tests the local edge with an app that doesn't use cloudfurl's
// constructs. It serves each shape of the app in this process and sends it HTTP
// requests. The directory app is the app, handler one of its handlers.
package shapes

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// synthesized is the directory of the app's assembly. Each shape is a stage, with
// an assembly below it.
var synthesized string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "shapes")
	if err == nil {
		err = synthesize(dir)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func synthesize(dir string) error {
	synthesized = filepath.Join(dir, "cdk.out")
	// Buffered handlers are written in Python where it is installed.
	language := "python"
	if _, err := exec.LookPath("python3"); err != nil {
		language = "node"
	}
	handler, archive := filepath.Join(dir, "handler"), filepath.Join(dir, "code.zip")
	if err := run([]string{"CGO_ENABLED=0"}, "go", "build", "-o", filepath.Join(handler, "bootstrap"), "./handler"); err != nil {
		return err
	}
	if err := writeZip(archive, "app/code/"+language); err != nil {
		return err
	}
	// The CDK CLI enables this metadata.
	const context = `{"aws:cdk:enable-path-metadata":true,"aws:cdk:enable-asset-metadata":true}`
	return run([]string{"CDK_CONTEXT_JSON=" + context, "CDK_OUTDIR=" + synthesized, "SHAPES_HANDLER=" + handler, "SHAPES_ZIP=" + archive, "SHAPES_LANGUAGE=" + language}, "go", "run", "./app")
}

func run(env []string, name string, args ...string) error {
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), env...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", name, args, err, output)
	}
	return nil
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
	return filepath.Join(synthesized, "assembly-"+name)
}

// changed copies everything that was synthesized, calls change with each template
// of a shape, and returns the assembly of that shape in the copy.
func changed(t *testing.T, name string, change func(template map[string]any)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cdk.out")
	if err := os.CopyFS(dir, os.DirFS(synthesized)); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "assembly-"+name)
	templates, err := filepath.Glob(filepath.Join(copied, "*.template.json"))
	if err != nil || len(templates) == 0 {
		t.Fatalf("got templates %v (%v), want some", templates, err)
	}
	for _, path := range templates {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var template map[string]any
		if err := json.Unmarshal(data, &template); err != nil {
			t.Fatal(err)
		}
		change(template)
		if data, err = json.Marshal(template); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return copied
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
