package watch

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// prepare runs the app once and returns the directory that it wrote.
func prepare(t *testing.T, app *App) (string, error) {
	t.Helper()
	return app.Synthesize(timeout(t), t.TempDir())
}

func TestApp_runs_as_the_CDK_CLI_runs_it(t *testing.T) {
	dir := t.TempDir()
	write(t, dir,
		"cdk.json", `{"app": "mkdir $CDK_OUTDIR && echo \"$CDK_CONTEXT_JSON\" > $CDK_OUTDIR/context && echo $CDK_VALIDATION $BUILT > $CDK_OUTDIR/env && pwd > $CDK_OUTDIR/pwd",
			"build": "touch built", "context": {"region": "us-west-2", "size": 3, "aws:cdk:bundling-stacks": []}}`,
		"cdk.context.json", `{"region": "eu-west-1", "zones": ["a"]}`)
	app, err := NewApp(dir, "", map[string]string{"size": "4", "architecture": "arm64"}, new(record).logger())
	if err != nil {
		t.Fatal(err)
	}
	output, err := prepare(t, app)
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(output, name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(data))
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(read("context")), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"architecture": "arm64", "size": "4", "region": "us-west-2", "zones": []any{"a"},
		"aws:cdk:bundling-stacks": []any{}, "aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true,
		"@aws-cdk/core:failSynthOnValidationErrors": false,
		"cloudfurl:goos": runtime.GOOS, "cloudfurl:goarch": runtime.GOARCH,
	}
	if version, err := exec.Command("python3", "--version").Output(); err == nil {
		number := strings.Split(strings.Fields(string(version))[1], ".")
		want["cloudfurl:python"] = number[0] + "." + number[1]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("context (-want +got):\n%s", diff)
	}
	if read("env") != "false" {
		t.Errorf("CDK_VALIDATION = %q, want false", read("env"))
	}
	if _, err := os.Stat(filepath.Join(dir, "built")); err != nil {
		t.Errorf("the build command did not run: %v", err)
	}
}

func TestApp_passes_a_large_context_in_a_file(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("x", 200<<10)
	write(t, dir, "cdk.json", `{"app": "mkdir $CDK_OUTDIR && cp $CONTEXT_OVERFLOW_LOCATION_ENV $CDK_OUTDIR/context && echo $CDK_CONTEXT_JSON", "context": {"long": "`+long+`"}}`)
	log := new(record)
	app, err := NewApp(dir, "", nil, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	output, err := prepare(t, app)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(output, "context"))
	if err != nil || !strings.Contains(string(data), long) {
		t.Errorf("the file holds %d bytes (%v), want the context", len(data), err)
	}
	log.waitFor(t, "msg={} source=app")
}

func TestApp_reads_cdk_json_again_each_time(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example", "deploy/cdk.json", `{"app": "false", "watch": {"include": "*.ts"}}`)
	deploy := filepath.Join(dir, "deploy")
	app, err := NewApp(deploy, "", nil, new(record).logger())
	if err != nil {
		t.Fatal(err)
	}
	if app.Root() != dir || app.Keep(filepath.Join(deploy, "app.go"), false) || !app.Keep(filepath.Join(deploy, "app.ts"), false) {
		t.Errorf("root %s, want that of the module, and *.ts kept", app.Root())
	}
	write(t, deploy, "cdk.json", `{"app": "true", "watch": {"include": ["*.go"]}}`)
	if _, err := prepare(t, app); err != nil {
		t.Errorf("the new command fails: %v", err)
	}
	if !app.Keep(filepath.Join(deploy, "app.go"), false) {
		t.Error("app.go is not kept, as the new cdk.json says")
	}
}

func TestApp_fails_with_the_output_of_the_command(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "cdk.json", `{"app": "echo notice; cat words; exit $(cat code)"}`, "words", "", "code", "0")
	app, err := NewApp(dir, "", nil, new(record).logger())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prepare(t, app); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "words", "main.go:3:5: undefined: x\n", "code", "1")
	for range 2 {
		_, err = prepare(t, app)
		if failed := new(exec.ExitError); !errors.As(err, &failed) || err.Error() != "main.go:3:5: undefined: x" {
			t.Errorf("got %v, want the output without the lines of the run before", err)
		}
	}
}

func TestNewApp_rejects(t *testing.T) {
	tests := map[string]struct {
		settings string
		want     string
	}{
		"no command":       {`{}`, `cdk.json: no "app" is defined`},
		"broken JSON":      {`{"app"`, "cdk.json: invalid JSON at byte"},
		"a broken pattern": {`{"app": "true", "watch": {"include": ["{a"]}}`, `cdk.json: "{a" isn't a valid pattern`},
		"a broken exclude": {`{"app": "true", "watch": {"exclude": "{a"}}`, `cdk.json: "{a" isn't a valid pattern`},
		"a number":         {`{"app": "true", "watch": {"include": 3}}`, "cdk.json: 3 isn't a pattern"},
		"the wrong type":   {`{"app": ["true"]}`, "cdk.json, app: a JSON array isn't allowed here"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "cdk.json", test.settings)
			if _, err := NewApp(dir, "", nil, new(record).logger()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestApp_keeps_no_file_that_gets_its_own_output(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "cdk.json", `{"app": "true"}`, "app.out", "")
	output, err := os.OpenFile(filepath.Join(dir, "nohup.out"), os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	stdout := os.Stdout
	os.Stdout = output
	defer func() { os.Stdout = stdout }()
	app, err := NewApp(dir, "", nil, new(record).logger())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"nohup.out": false, "app.out": true, "gone.out": true} {
		if got := app.Keep(filepath.Join(dir, name), false); got != want {
			t.Errorf("Keep(%s): got %v, want %v", name, got, want)
		}
	}
}

func TestApp_that_fails_says_what_to_do(t *testing.T) {
	const correct = "correct that: the app runs again when a source is saved"
	for output, want := range map[string]struct{ problem, hint string }{
		"": {"go run .: exit status 1", correct},
		"error: main.go:3:1: undefined: x\nexit status 1":                     {"main.go:3:1: undefined: x", correct},
		"sh: 1: go: not found":                                                {"sh: 1: go: not found", "install go, or start cloudfurl with its directory in PATH; it is from https://go.dev/dl"},
		"bash: foo: command not found":                                        {"bash: foo: command not found", "install foo, or start cloudfurl with its directory in PATH"},
		`error: jsii.go:20: exec: "node": executable file not found in $PATH`: {`jsii.go:20: exec: "node": executable file not found in $PATH`, "install node, or start cloudfurl with its directory in PATH; it is from https://nodejs.org"},
	} {
		if got := commandError("go run .", lines(output), errors.New("exit status 1")); got.Problem != want.problem || got.Hint != want.hint {
			t.Errorf("%q: got %q and %q, want %q", output, got.Problem, got.Hint, want)
		}
	}
}
