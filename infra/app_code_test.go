package infra_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
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

func TestWebAppHandler_leaves_out_what_is_no_part_of_the_app(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"server.js", "lib/util.js", ".git/config", ".venv/bin/python", "lib/__pycache__/a.pyc", ".env", "docs/a.md", "docs/keep.md", "notes.txt",
		"node_modules/kept/index.js", "cdk.out/manifest.json",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		exclude []string
		mode    awscdk.IgnoreMode
		want    []string
	}{
		"by default": {nil, "", []string{"cloudfurl-start.sh", "docs/a.md", "docs/keep.md", "lib/util.js", "node_modules/kept/index.js", "notes.txt", "server.js"}},
		"as in .gitignore": {[]string{"/docs/*", "!/docs/keep.md", "*.txt", "!.env"}, "",
			[]string{".env", "cloudfurl-start.sh", "docs/keep.md", "lib/util.js", "node_modules/kept/index.js", "server.js"}},
		"as in .dockerignore": {[]string{"docs", "*.txt"}, awscdk.IgnoreMode_DOCKER,
			[]string{"cloudfurl-start.sh", "lib/util.js", "node_modules/kept/index.js", "server.js"}},
		"by globs": {[]string{"docs", "*.txt", "node_modules"}, awscdk.IgnoreMode_GLOB, []string{"cloudfurl-start.sh", "lib/util.js", "server.js"}},
	} {
		t.Run(name, func(t *testing.T) {
			asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{
				Command: "node server.js", Runtime: awslambda.Runtime_NODEJS_22_X(), Exclude: test.exclude, IgnoreMode: test.mode,
			}), nil)
			if diff := cmp.Diff(test.want, filesBelow(t, asset)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWebAppHandler_says_what_to_do_about_a_broken_link(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "server.js"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "broken")); err != nil {
		t.Skipf("needs symbolic links: %v", err)
	}
	handler := func(exclude ...string) infra.Handler {
		return infra.WebAppHandler(dir, &infra.WebAppHandlerProps{Command: "node server.js", Runtime: awslambda.Runtime_NODEJS_24_X(), Exclude: exclude})
	}
	message := synthtest.Failure(t, func() { assets(t, handler(), nil) })
	for _, want := range []string{filepath.Join(dir, "broken"), "link that leads nowhere", "name it in Exclude"} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}
	if asset, _ := assets(t, handler("broken"), nil); len(filesBelow(t, asset)) != 2 {
		t.Errorf("got files %v, want server.js and the script", filesBelow(t, asset))
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
