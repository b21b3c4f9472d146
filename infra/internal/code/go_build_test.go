package code_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestGoBuild_is_for_a_machine(t *testing.T) {
	for name, test := range map[string]struct {
		path    string
		machine code.Machine
		want    []string // the machine in the key
		problem []string
	}{
		"arm64":      {"./handler", lambda, []string{"linux", "arm64"}, nil},
		"x86_64":     {"./handler", code.Machine{Architecture: "x86_64"}, []string{"linux", "amd64"}, nil},
		"local edge": {"./handler", code.Machine{Architecture: "arm64", GOOS: "darwin", GOARCH: "amd64"}, []string{"darwin", "amd64"}, nil},
		"no path":    {"", lambda, nil, []string{"empty path", "./functions/demo"}},
	} {
		t.Run(name, func(t *testing.T) {
			build := code.GoBuild{Package: test.path, Machine: test.machine}
			err := build.Prepare()
			wantError(t, err, test.problem...)
			if key := build.Key(); err == nil && !slices.Equal(key[len(key)-2:], test.want) {
				t.Errorf("got the key %v, want it to end with %v", key, test.want)
			}
		})
	}
}

func TestGoBuild_has_flags_for_the_same_bytes_everywhere(t *testing.T) {
	build := code.GoBuild{Package: "./handler", BuildTags: []string{"extra"}, LinkerFlags: []string{"-X main.version=2"}}
	for _, want := range []string{"-trimpath", "-buildvcs=false", "lambda.norpc,extra", "-s -w -buildid= -X main.version=2", "./handler"} {
		if !slices.Contains(build.Key(), want) {
			t.Errorf("got %v, want %q in it", build.Key(), want)
		}
	}
}

func TestGoBuild_for_Windows_can_be_started_there(t *testing.T) {
	dir, output := directoryOf(t, "go.mod", "module app\n\ngo 1.26\n", "main.go", "package main\n\nfunc main() {}\n"), t.TempDir()
	build := code.GoBuild{Package: ".", Dir: dir, Machine: code.Machine{Architecture: "x86_64", GOOS: "windows", GOARCH: "amd64"}}
	if err := build.Write(output); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(output, "bootstrap.exe")); err != nil {
		t.Errorf("got %v, want a program with the extension", err)
	}
}
