package infra_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra"
)

// assets returns the directory of the asset of an app that bundles a handler, and
// the warnings about it.
func assets(t *testing.T, handler infra.Handler, context map[string]any) (directory string, warnings []string) {
	t.Helper()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(t.TempDir()), AnalyticsReporting: jsii.Bool(false), Context: &context})
	stack := newStack(app, "Consumer", "eu-west-1")
	function := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: handler})
	assembly := app.Synth(nil)
	found, err := filepath.Glob(filepath.Join(*assembly.Directory(), "asset.*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("got assets %v (%v), want one", found, err)
	}
	return found[0], warningsOf(function)
}

// warningsOf returns the warnings about a function.
func warningsOf(function *infra.HandlerFunction) (warnings []string) {
	for _, entry := range *function.Node().Metadata() {
		if *entry.Type == "aws:cdk:warning" {
			warnings = append(warnings, entry.Data.(string))
		}
	}
	return warnings
}

func TestWebAppHandler_bundles_the_same_code_from_any_place(t *testing.T) {
	var names []string
	for range 2 {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("./testdata/express")); err != nil {
			t.Fatal(err)
		}
		asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{Command: "node server.js"}), nil)
		names = append(names, filepath.Base(asset))
	}
	if names[0] != names[1] {
		t.Errorf("got assets %v, want the same", names)
	}
}

func TestWebAppHandler_leaves_out_what_its_props_say(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "server.js", "", "docs/a.md", "", "lib/docs/b.md", "")
	asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{
		Command: "node server.js", Runtime: awslambda.Runtime_NODEJS_22_X(), Exclude: []string{"/docs"},
	}), nil)
	if diff := cmp.Diff([]string{"cloudfurl-start.sh", "lib/docs/b.md", "server.js"}, filesBelow(t, asset)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// filesBelow returns the paths of the files below a directory.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			relative, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(relative))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}
