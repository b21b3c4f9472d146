package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// twin is where "make bench" compiles typescript-twin to.
var twin = filepath.Join("test", "bench", "typescript-twin", "dist")

// BenchmarkSynth tells how long an app takes to synthesize, from the start of
// its process to the end, against the same app in TypeScript: the app of this
// repository, one that defines nothing, and apps of 1, 10 and 50 endpoints. All
// are compiled before, and none bundles a handler. The budget of go/typescript
// is 1.1.
func BenchmarkSynth(b *testing.B) {
	for _, pair := range []struct {
		name, twin string
		app        func() (string, error)
		args       []string
	}{
		{"app", "app.js", app, nil},
		{"empty", "empty.js", emptyApp, nil},
		{"endpoints=1", "endpoints.js", endpoints, []string{"1"}},
		{"endpoints=10", "endpoints.js", endpoints, []string{"10"}},
		{"endpoints=50", "endpoints.js", endpoints, []string{"50"}},
	} {
		b.Run(pair.name, func(b *testing.B) {
			script := filepath.Join(twin, pair.twin)
			if _, err := os.Stat(filepath.Join("..", "..", script)); err != nil {
				b.Fatalf("%v: compile it first, by npm ci && npm run build in test/bench/typescript-twin", err)
			}
			goOut, typescriptOut := filepath.Join(work, pair.name+".go"), filepath.Join(work, pair.name+".typescript")
			executable, scriptArgs := made(b, pair.app), append([]string{script}, pair.args...)
			synthesize(b, goOut, executable, pair.args...)
			synthesize(b, typescriptOut, "node", scriptArgs...)
			if diff := cmp.Diff(resources(b, typescriptOut), resources(b, goOut)); diff != "" {
				b.Fatalf("the two apps define other resources: bring typescript-twin up to date (-TypeScript +Go)\n%s", diff)
			}
			var goTimes, typescriptTimes sample
			for b.Loop() {
				goTimes.add(synthesize(b, goOut, executable, pair.args...))
				typescriptTimes.add(synthesize(b, typescriptOut, "node", scriptArgs...))
			}
			report(b, map[string]float64{
				"go-ms":         goTimes.median(),
				"typescript-ms": typescriptTimes.median(),
				"go/typescript": goTimes.over(typescriptTimes).median(),
			})
		})
	}
}

// synthesize runs an app without bundling and returns how long it took.
func synthesize(b *testing.B, outdir, program string, args ...string) time.Duration {
	b.Helper()
	env, err := synthEnvironment(outdir, map[string]any{"aws:cdk:bundling-stacks": []string{}})
	if err != nil {
		b.Fatal(err)
	}
	if err := os.RemoveAll(outdir); err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	if _, err := run(env, program, args...); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}

// resources returns how many resources of each type the templates of an assembly
// have. The logical ids of permissions differ: the CDK's origin names its own.
func resources(b *testing.B, assembly string) map[string]map[string]int {
	b.Helper()
	if _, err := os.Stat(filepath.Join(assembly, "manifest.json")); err != nil {
		b.Fatalf("the app wrote no cloud assembly: %v", err)
	}
	templates, err := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	if err != nil {
		b.Fatal(err)
	}
	found := map[string]map[string]int{}
	for _, path := range templates {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		var template struct {
			Resources map[string]struct{ Type string }
		}
		if err := json.Unmarshal(data, &template); err != nil {
			b.Fatalf("%s: %v", path, err)
		}
		types := map[string]int{}
		for _, resource := range template.Resources {
			types[resource.Type]++
		}
		found[filepath.Base(path)] = types
	}
	return found
}
