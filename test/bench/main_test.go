package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// work is the directory of everything that the benchmarks make. TestMain
// removes it.
var work string

func TestMain(m *testing.M) {
	var err error
	if work, err = os.MkdirTemp("", "cloudfurl-bench-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(work)
	os.Exit(code)
}

// What the benchmarks run, each made once, by the first that needs it.
var (
	app          = sync.OnceValues(func() (string, error) { return goBuild(".") })
	emptyApp     = sync.OnceValues(func() (string, error) { return goBuild("./test/bench/testdata/emptyapp") })
	endpoints    = sync.OnceValues(func() (string, error) { return goBuild("./test/bench/testdata/endpoints") })
	webAppStack  = sync.OnceValues(func() (string, error) { return goBuild("./test/bench/testdata/webapps") })
	command      = sync.OnceValues(func() (string, error) { return goBuild("./cmd/cloudfurl") })
	reverseProxy = sync.OnceValues(func() (string, error) { return goBuild("./test/bench/testdata/reverseproxy") })
	demo         = sync.OnceValues(func() (string, error) { return buildHandler("./functions/demo") })
	streamer     = sync.OnceValues(func() (string, error) { return buildHandler("./test/bench/testdata/streamer") })

	// demoAssembly is the app, synthesized for this machine's architecture.
	demoAssembly = sync.OnceValues(synthesizeDemo)

	// streamerAssembly is the same with streamer in the place of the demo.
	streamerAssembly = sync.OnceValues(synthesizeStreamer)
)

// made returns what one of the functions above makes.
func made(b *testing.B, make func() (string, error)) string {
	b.Helper()
	path, err := make()
	if err != nil {
		b.Fatal(err)
	}
	return path
}

// goBuild compiles a main package and returns the executable.
func goBuild(path string, flags ...string) (string, error) {
	dir, err := os.MkdirTemp(work, "bin")
	if err != nil {
		return "", err
	}
	executable := filepath.Join(dir, "program")
	_, err = run(nil, "go", slices.Concat([]string{"build", "-o", executable}, flags, []string{path})...)
	return executable, err
}

// buildHandler compiles a main package as one that is deployed.
func buildHandler(path string) (string, error) {
	return goBuild(path, "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=")
}

func synthesizeDemo() (string, error) {
	executable, err := app()
	if err != nil {
		return "", err
	}
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	dir := filepath.Join(work, "demo.cdk.out")
	env, err := synthEnvironment(dir, map[string]any{"architecture": architecture})
	if err != nil {
		return "", err
	}
	_, err = run(env, executable)
	return dir, err
}

func synthesizeStreamer() (string, error) {
	source, err := demoAssembly()
	if err != nil {
		return "", err
	}
	executable, err := streamer()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(work, "streamer.cdk.out")
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		return "", err
	}
	bootstraps, err := filepath.Glob(filepath.Join(dir, "asset.*", "bootstrap"))
	if err != nil || len(bootstraps) != 1 {
		return "", fmt.Errorf("got bootstraps %v (%v), want one", bootstraps, err)
	}
	content, err := os.ReadFile(executable)
	if err != nil {
		return "", err
	}
	return dir, os.WriteFile(bootstraps[0], content, 0o755)
}

// synthEnvironment returns what the CDK CLI tells an app by its environment:
// where to, and the context of cdk.json with some of it changed. The page of the
// demo and the agent aren't part of what is measured.
func synthEnvironment(outdir string, changes map[string]any) ([]string, error) {
	data, err := os.ReadFile(filepath.Join("..", "..", "cdk.json"))
	if err != nil {
		return nil, err
	}
	var config struct {
		Context map[string]any `json:"context"`
	}
	if err := json.Unmarshal(data, &config); err != nil {
		return nil, fmt.Errorf("cdk.json: %w", err)
	}
	config.Context["staticDir"], config.Context["agentModel"] = "", ""
	maps.Copy(config.Context, changes)
	context, err := json.Marshal(config.Context)
	return []string{"CDK_OUTDIR=" + outdir, "CDK_CONTEXT_JSON=" + string(context)}, err
}

// run runs a command in the root of the repository and returns its output.
func run(env []string, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), env...)
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}
	return string(output), nil
}
