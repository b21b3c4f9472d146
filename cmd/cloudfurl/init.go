package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/scaffold"
)

type initCommand struct {
	Dir    string `arg:"" default:"." help:"Directory of the app (default: this one)."`
	Kind   string `placeholder:"KIND" help:"What it holds: ${kinds} (default: the first of these that is found)."`
	Source string `placeholder:"DIR" help:"The sources of cloudfurl, for a version that isn't published (default: where this was built)."`
}

// Help has the examples.
func (*initCommand) Help() string {
	return `Writes into the directory cloudfurl below it. Nothing is overwritten, and nothing else changes.

Examples:

    cloudfurl init                  the app in this directory
    cloudfurl init --kind node web  the one in web, as a Node.js server`
}

// Run writes a CDK app around the app in a directory.
func (c *initCommand) Run(ctx context.Context, to streams) error {
	version, sources, err := origin(c.Source)
	if err != nil {
		return err
	}
	plan, err := scaffold.Find(c.Dir, c.Kind)
	if err != nil {
		return err
	}
	written, err := plan.Write(c.Dir, version, sources)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.stdout, "Found %s, and wrote the CDK app %s.\n", plan.What, filepath.Join(written, "main.go"))
	describe(to.stdout, plan)
	return complete(ctx, written, to.stdout, to.stderr)
}

// describe prints what the person has to know of a plan, and what is missing here.
func describe(stdout io.Writer, plan *scaffold.Plan) {
	notes := plan.Notes
	if len(plan.Others) > 0 {
		notes = append(notes, "Other kinds are found, too: --kind "+strings.Join(plan.Others, " or --kind ")+" takes one.")
	}
	missing := slices.DeleteFunc(plan.Programs, func(program string) bool {
		_, err := exec.LookPath(program)
		return err == nil
	})
	if len(missing) > 0 {
		notes = append(notes, "What comes next needs programs that aren't in PATH: "+strings.Join(missing, ", ")+".")
	}
	for _, note := range notes {
		fmt.Fprintln(stdout, note)
	}
}

// complete gets the modules of a CDK app, and prints what to do next.
func complete(ctx context.Context, dir string, stdout, stderr io.Writer) error {
	tidy := exec.CommandContext(ctx, "go", "mod", "tidy")
	tidy.Dir, tidy.Stdout, tidy.Stderr = dir, stderr, stderr
	if err := tidy.Run(); err != nil {
		return fault.At(dir, fault.New("run go mod tidy there once that is fixed; Go is from https://go.dev/dl", "go mod tidy couldn't get the modules of the CDK app: %w", err))
	}
	fmt.Fprintf(stdout, "\nNext, in %s:\n"+
		"  go tool cloudfurl local --watch      # serves it; the first time, this compiles for a minute or two\n"+
		"  npx aws-cdk@%s deploy --all    # deploys it to an account after cdk bootstrap, and prints its URL\n", dir, cdkCLI)
	return nil
}

// releaseVersion matches the tag of a release, which a program that is built from it
// has as its version.
var releaseVersion = regexp.MustCompile(`^v\d+\.\d+\.\d+(-rc\.\d+)?$`)

// published reports whether a version of the module is on a proxy: the program is from
// there, or was built from the tag of a release.
func published(module debug.Module) bool {
	return module.Sum != "" || module.Replace == nil && releaseVersion.MatchString(module.Version)
}

// origin returns the version of cloudfurl that CDK apps require, and the directory of
// its sources unless it is published: the one given, or where this program was built.
func origin(given string) (version, source string, err error) {
	_, file, _, _ := runtime.Caller(0)
	program, _ := os.Executable()
	candidates := []string{filepath.Join(file, "../../.."), filepath.Join(program, "../..")}
	if given != "" {
		candidates = []string{given}
	} else if built, ok := debug.ReadBuildInfo(); ok && published(built.Main) {
		return built.Main.Version, "", nil
	}
	for _, dir := range candidates {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module "+scaffold.Module+"\n") {
			dir, err = filepath.Abs(dir)
			return "v0.0.0", dir, err
		}
	}
	return "", "", fault.At("--source", fault.New("pass the directory of its clone", "cloudfurl isn't published, and %s doesn't have its sources", cmp.Or(given, "where this was built")))
}
