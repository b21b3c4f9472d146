package image

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clients makes scripts the only programs in PATH, and returns their directory.
func clients(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestFind_returns_the_first_engine_that_responds(t *testing.T) {
	dir := clients(t, map[string]string{
		"docker": "echo Client: 1.0; echo no daemon >&2; exit 1", "podman": `[ "$1" = info ]`, "finch": "exit",
	})
	log, written := logtest.New()
	for range 2 {
		engine := Find(context.Background(), log)
		if engine == nil || engine.Name != "podman" || engine.Path != filepath.Join(dir, "podman") {
			t.Fatalf("got %+v", engine)
		}
	}
	written.Want(t, "level=WARN", "docker can't be used", "docker version: no daemon", "hint=")
	if got := strings.Count(written.String(), "\n"); got != 1 {
		t.Errorf("got %d lines, want one however often it is looked for:\n%s", got, written)
	}
}

func TestFind_returns_nil_without_engines(t *testing.T) {
	clients(t, nil)
	log, written := logtest.New()
	if engine := Find(context.Background(), log); engine != nil || written.String() != "" {
		t.Errorf("got %+v, logged %s", engine, written)
	}
}

func TestBuild_passes_what_the_asset_says(t *testing.T) {
	got := buildArguments(&assembly.Image{
		Directory: "/app", Dockerfile: "/app/deploy/Dockerfile", Target: "final", Platform: "linux/arm64", NetworkMode: "host",
		BuildArgs: map[string]string{"B": "2", "A": "1 2"}, Secrets: map[string]string{"npm": "type=file,src=.npmrc"},
	}, "tag")
	want := []string{"build", "--tag", "tag", "--file", "/app/deploy/Dockerfile", "--target", "final", "--platform", "linux/arm64", "--network", "host",
		"--build-arg", "A=1 2", "--build-arg", "B=2", "--secret", "id=npm,type=file,src=.npmrc", "/app"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unexpected arguments (-want +got):\n%s", diff)
	}
}

func TestBuild_says_why_it_fails(t *testing.T) {
	dir := clients(t, map[string]string{"docker": "echo '#4 RUN make'; echo 'ERROR: make: not found' >&2; exit 1"})
	log, written := logtest.New()
	engine := &Engine{"docker", filepath.Join(dir, "docker"), log}
	_, err := engine.Build(context.Background(), &assembly.Image{Directory: dir, Dockerfile: "/app/Dockerfile"}, "Api")
	if err == nil || err.Error() != "/app/Dockerfile: docker can't build the image: ERROR: make: not found" || fault.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
	written.Want(t, "#4 RUN make", "source=Api")
}

func TestBuild_returns_what_the_image_runs(t *testing.T) {
	dir := clients(t, map[string]string{"docker": `[ "$1" = build ] || echo '{"Env":["A=b=c"],"Cmd":["app"],"Entrypoint":["/init"]}'`})
	log, _ := logtest.New()
	engine := &Engine{"docker", filepath.Join(dir, "docker"), log}
	built, err := engine.Build(context.Background(), &assembly.Image{Directory: dir, Hash: "Tag"}, "Api")
	want := &Built{Name: "cloudfurl-tag", Entrypoint: []string{"/init"}, Cmd: []string{"app"}, Env: map[string]string{"A": "b=c"}}
	if diff := cmp.Diff(want, built); err != nil || diff != "" {
		t.Errorf("got the error %v and (-want +got):\n%s", err, diff)
	}
}

func TestRun_lets_ImageConfig_win_over_the_image(t *testing.T) {
	built := &Built{Entrypoint: []string{"/init", "-v"}, Cmd: []string{"app"}}
	override := Override{Command: []string{"other"}, EntryPoint: []string{"/start", "now"}, WorkingDirectory: "/srv"}
	tests := map[string]struct {
		override         Override
		extensions       bool
		entrypoint, last []string
	}{
		"as it is":              {},
		"all":                   {override, false, []string{"--workdir", "/srv", "--entrypoint", "/start"}, []string{"now", "other"}},
		"the command":           {Override{Command: []string{"other"}}, false, nil, []string{"other"}},
		"extensions":            {Override{}, true, []string{"--entrypoint", "/bin/sh"}, []string{"sh", "/init", "-v", "app"}},
		"all, with extensions":  {override, true, []string{"--workdir", "/srv", "--entrypoint", "/bin/sh"}, []string{"sh", "/start", "now", "other"}},
		"an entry point, alone": {Override{EntryPoint: []string{"/start"}}, false, []string{"--entrypoint", "/start"}, []string{"app"}},
	}
	for name, test := range tests {
		options, arguments := Run(built, test.override, test.extensions)
		if test.extensions {
			if !slices.Equal(arguments[:2], []string{"-c", startExtensions}) {
				t.Errorf("%s: got the arguments %q", name, arguments)
			}
			arguments = arguments[2:]
		}
		if !slices.Equal(arguments, test.last) || !slices.Equal(options[len(options)-len(test.entrypoint):], test.entrypoint) {
			t.Errorf("%s: got the options %q and the arguments %q", name, options, arguments)
		}
		if !slices.Contains(options, "--read-only") {
			t.Errorf("%s: the file system can be written to, by %q", name, options)
		}
	}
}
