package localtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/watch"
)

// DependOnInputs tells the go command that a test runs programs made of the whole
// repository: it takes results from its cache only if the variables that a test read
// are the same. make sets this one, by tools/inputs.sh.
func DependOnInputs() { os.Getenv("TEST_INPUTS") }

// Build compiles the command cloudfurl for the module in the working directory
// and returns its executable.
func Build(t *testing.T) string {
	t.Helper()
	executable := filepath.Join(t.TempDir(), "cloudfurl")
	if err := Run("", nil, "go", "build", "-ldflags=-s", "-o", executable, "github.com/cloudfurl/cloudfurl/cmd/cloudfurl"); err != nil {
		t.Fatal(err)
	}
	return executable
}

// Synthesize runs the CDK app in the working directory, with its handlers built
// for this machine and its python3, with more context, and returns the directory
// of the assembly.
func Synthesize(t *testing.T, more ...map[string]string) string {
	t.Helper()
	assembly := filepath.Join(t.TempDir(), "cdk.out")
	values := watch.ContextOfMachine()
	for _, one := range more {
		maps.Copy(values, one)
	}
	context, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	if err := Run("", []string{"CDK_OUTDIR=" + assembly, "CDK_CONTEXT_JSON=" + string(context)}, "go", "run", "-trimpath", "."); err != nil {
		t.Fatal(err)
	}
	checkSilent(t, assembly)
	return assembly
}

// checkSilent fails the test for what `cloudfurl check` finds: apps of this repository
// are right.
func checkSilent(t *testing.T, assembly string) {
	t.Helper()
	findings, err := local.Source{Assembly: assembly}.Check(build.Options{})
	if err != nil {
		t.Errorf("cloudfurl check: %v", err)
	}
	for _, f := range findings {
		t.Errorf("cloudfurl check: %s: %s: %s (%s)", f.Path, f.Happens, f.Cause, f.Rule)
	}
}

// Run runs a program in a directory, or in the working directory if it is empty,
// with more environment variables. The error has its output.
func Run(dir string, env []string, name string, args ...string) error {
	DependOnInputs()
	command := exec.Command(name, args...)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}
	return nil
}
