package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// twin is the app in TypeScript, compiled by "make bench".
var twin = filepath.Join("test", "bench", "typescript-twin", "dist", "app.js")

// BenchmarkSynth tells how long the app takes to synthesize, from the start of
// its process to the end, against the same app in TypeScript. Both are compiled
// before, and neither bundles the handler. The budget of go/typescript is 1.1.
func BenchmarkSynth(b *testing.B) {
	if _, err := os.Stat(filepath.Join("..", "..", twin)); err != nil {
		b.Fatalf("%v: compile it first, by npm ci && npm run build in test/bench/typescript-twin", err)
	}
	goOut, typescriptOut := filepath.Join(work, "go.cdk.out"), filepath.Join(work, "typescript.cdk.out")
	executable := made(b, app)
	synthesize(b, goOut, executable)
	synthesize(b, typescriptOut, "node", twin)
	if diff := cmp.Diff(resources(b, typescriptOut), resources(b, goOut)); diff != "" {
		b.Fatalf("the two apps define other resources: bring typescript-twin up to date (-TypeScript +Go)\n%s", diff)
	}
	var goTimes, typescriptTimes sample
	for b.Loop() {
		goTimes.add(synthesize(b, goOut, executable))
		typescriptTimes.add(synthesize(b, typescriptOut, "node", twin))
	}
	report(b, map[string]float64{
		"go-ms":         goTimes.median(),
		"typescript-ms": typescriptTimes.median(),
		"go/typescript": goTimes.over(typescriptTimes).median(),
	})
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

// resources returns the types of the resources in an assembly, by template and
// logical id.
func resources(b *testing.B, assembly string) map[string]map[string]string {
	b.Helper()
	templates, err := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	if err != nil || len(templates) != 2 {
		b.Fatalf("got templates %v (%v), want two", templates, err)
	}
	found := map[string]map[string]string{}
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
		types := map[string]string{}
		for id, resource := range template.Resources {
			types[id] = resource.Type
		}
		found[filepath.Base(path)] = types
	}
	return found
}
