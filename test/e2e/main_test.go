// Package e2e tests the project as a user sees it: it synthesizes the demo app,
// serves the assembly with `cloudfurl local`, and sends it HTTP requests.
package e2e

import (
	"encoding/json"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// built holds the command, and the assembly of the app for this machine's
// architecture.
var built struct {
	command  string
	assembly string
}

// root is the root of the repository.
var root = filepath.Join("..", "..")

func TestMain(m *testing.M) { localtest.Main(m, build) }

func build(dir string) error {
	built.command = filepath.Join(dir, "cloudfurl")
	built.assembly = filepath.Join(dir, "cdk.out")
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	if err := localtest.Run(root, nil, "go", "build", "-ldflags=-s", "-o", built.command, "./cmd/cloudfurl"); err != nil {
		return err
	}
	context, err := json.Marshal(map[string]any{"architecture": architecture, "region": "ap-northeast-1"})
	if err != nil {
		return err
	}
	return localtest.Run(root, []string{"CDK_OUTDIR=" + built.assembly, "CDK_CONTEXT_JSON=" + string(context)}, "go", "run", ".")
}

// serve serves an assembly until the test ends.
func serve(t *testing.T, assembly string) *localtest.Edge {
	t.Helper()
	return localtest.Serve(t, built.command, assembly)
}

// changed returns a copy of the assembly with the resources of one stack changed.
func changed(t *testing.T, stack string, change func(resources map[string]any)) string {
	t.Helper()
	return localtest.Copy(t, built.assembly, stack+".template.json", func(template map[string]any) {
		change(template["Resources"].(map[string]any))
	})
}

// replaceable returns a copy of the assembly and the handler's executable in it.
func replaceable(t *testing.T) (assembly, executable string) {
	t.Helper()
	assembly = changed(t, "Cloudfurl", func(map[string]any) {})
	executables, err := filepath.Glob(filepath.Join(assembly, "asset.*", "bootstrap"))
	if err != nil || len(executables) != 1 {
		t.Fatalf("got executables %v (%v), want one", executables, err)
	}
	return assembly, executables[0]
}
