package localtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Copy copies an assembly to a temporary directory, calls change with each
// template that matches pattern, a path below the assembly as in
// [path/filepath.Glob], and returns the copy. At least one must match.
func Copy(t *testing.T, assembly, pattern string, change func(template map[string]any)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cdk.out")
	if err := os.CopyFS(dir, os.DirFS(assembly)); err != nil {
		t.Fatal(err)
	}
	templates, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(templates) == 0 {
		t.Fatalf("got templates %v (%v), want some that match %s", templates, err, pattern)
	}
	for _, path := range templates {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var template map[string]any
		if err := json.Unmarshal(data, &template); err != nil {
			t.Fatal(err)
		}
		change(template)
		if data, err = json.Marshal(template); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
