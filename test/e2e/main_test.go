// Package e2e synthesizes the app, serves what it synthesized by the command
// cloudfurl, and talks to it over HTTP, as a person would.
package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// built holds what TestMain made: the command, and the assembly of the app for
// this machine's architecture.
var built struct {
	command  string
	assembly string
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "e2e")
	if err == nil {
		err = build(dir)
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

func build(dir string) error {
	built.command = filepath.Join(dir, "cloudfurl")
	built.assembly = filepath.Join(dir, "cdk.out")
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	if err := run(nil, "go", "build", "-o", built.command, "./cmd/cloudfurl"); err != nil {
		return err
	}
	context, err := json.Marshal(map[string]any{"architecture": architecture, "region": "ap-northeast-1"})
	if err != nil {
		return err
	}
	return run([]string{"CDK_OUTDIR=" + built.assembly, "CDK_CONTEXT_JSON=" + string(context)}, "go", "run", ".")
}

// run runs a command in the root of the repository.
func run(env []string, name string, args ...string) error {
	command := exec.Command(name, args...)
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), env...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}
	return nil
}

// serve serves an assembly until the test ends.
func serve(t *testing.T, assembly string) *localtest.Edge {
	t.Helper()
	return localtest.Serve(t, built.command, assembly)
}

// changed returns a copy of the assembly with one template changed.
func changed(t *testing.T, stack string, change func(resources map[string]any)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cdk.out")
	if err := os.CopyFS(dir, os.DirFS(built.assembly)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, stack+".template.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var template map[string]any
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	change(template["Resources"].(map[string]any))
	if data, err = json.Marshal(template); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
