package code_test

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestNewWebApp_says_all_that_is_wrong(t *testing.T) {
	_, err := code.NewWebApp(directoryOf(t, "index.php", ""), "", "", lambda)
	wantError(t, err, "got no Runtime", "\nWebAppHandler got no Command")
	_, err = code.NewGoApp(directoryOf(t, "main.go", ""), ".", "./server", "python3.13", lambda)
	wantError(t, err, "got GoPackage and Runtime python3.13: leave out Runtime", "\nWebAppHandler got GoPackage and Command")
}

func TestNewGoApp_has_the_program_and_the_other_files(t *testing.T) {
	dir := directoryOf(t, "go.mod", "module server\n", "main.go", "package main\n\nfunc main() { print(os()) }\n", "cmd/os.go", "package cmd\n",
		"os.go", "package main\n\nimport \"runtime\"\n\nfunc os() string { return runtime.GOOS }\n", "templates/index.html", "", "note.txt", "")
	app, err := code.NewGoApp(dir, ".", "", "", code.Machine{Architecture: "arm64", GOOS: runtime.GOOS, GOARCH: runtime.GOARCH})
	wantError(t, err)
	app.Exclude = []string{"*.txt"}
	if app.Runtime.Name != "provided.al2023" || app.Runtime.StartsScripts() {
		t.Errorf("got runtime %+v, want provided.al2023, which starts no scripts", app.Runtime)
	}
	wantError(t, app.Prepare())
	output := t.TempDir()
	wantError(t, app.Write(output))
	if diff := cmp.Diff([]string{"bootstrap", "templates/index.html"}, filesOf(t, output)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if printed, err := exec.Command(filepath.Join(output, "bootstrap")).CombinedOutput(); err != nil || string(printed) != runtime.GOOS {
		t.Errorf("got %q (%v) of the program, want %s", printed, err, runtime.GOOS)
	}
}

func TestNewGoApp_needs_no_other_files(t *testing.T) {
	app, err := code.NewGoApp(directoryOf(t, "go.mod", "module server\n", "main.go", "package main\n\nfunc main() {}\n"), ".", "", "", lambda)
	wantError(t, err)
	wantError(t, app.Prepare())
	wantError(t, app.Write(t.TempDir()))
	other, err := code.NewGoApp(app.Dir, "./cmd", "", "", lambda)
	wantError(t, err)
	wantError(t, other.Prepare())
	if cmp.Equal(app.Key(), other.Key()) {
		t.Errorf("got the key %q for two packages", app.Key())
	}
	wantError(t, other.Write(t.TempDir()), "couldn't build ./cmd in directory "+app.Dir)
}
