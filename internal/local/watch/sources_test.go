package watch

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

func TestGlobs_match_paths_and_directories_above(t *testing.T) {
	tests := []struct {
		glob, path string
		want       bool
	}{
		{"**", "a/b.go", true},
		{"**/*.go", "main.go", true},
		{"**/*.go", "functions/demo/main.go", true},
		{"**/*.go", "main.js", false},
		{"edge/*.js", "edge/body_hasher.js", true},
		{"edge/*.js", "edge/lib/body_hasher.js", false},
		{"edge/*.js", "test/edge/body_hasher.js", false},
		{"cdk*.json", "cdk.context.json", true},
		{"**/*test.go", "a/b_test.go", true},
		{"cdk.out", "cdk.out/manifest.json", true},
		{"cdk.out", "cdk_out/manifest.json", false},
		{"build/**", "build", true},
		{"build/**", "build/a/b", true},
		{"**/__pycache__", "a/__pycache__/b.pyc", true},
		{"*.{ts,js}", "app.ts", true},
		{"*.{ts,js}", "app.tsx", false},
		{"v?.go", "v1.go", true},
		{"v[0-9].go", "v1.go", true},
		{"v[!0-9].go", "v1.go", false},
		{"a,b.go", "a,b.go", true},
		{"a+b(c).go", "a+b(c).go", true},
		{"./app.go", "app.go", true},
	}
	for _, test := range tests {
		if got := read(t, test.glob).match(test.path); got != test.want {
			t.Errorf("%s matches %s: got %v, want %v", test.glob, test.path, got, test.want)
		}
	}
}

// read reads patterns as they stand in cdk.json.
func read(t *testing.T, patterns ...string) globs {
	t.Helper()
	data, err := json.Marshal(patterns)
	if err != nil {
		t.Fatal(err)
	}
	var g globs
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSources_keeps_files_that_synthesis_reads(t *testing.T) {
	include, exclude := read(t, "**/*.go", "edge/*.js"), read(t, "docs")
	root := filepath.FromSlash("/module")
	chosen := &sources{root: root, dir: filepath.Join(root, "deploy"), include: include, exclude: exclude}
	all := &sources{root: root, dir: root}
	tests := []struct {
		of    *sources
		path  string
		isDir bool
		want  bool
	}{
		{chosen, "deploy/app.go", false, true},
		{chosen, "deploy/edge/hash.js", false, true},
		{chosen, "functions/demo/main.go", false, true},
		{chosen, "functions/demo/notes.txt", false, false},
		{chosen, "deploy/cdk.json", false, true},
		{chosen, "deploy/cdk.context.json", false, true},
		{chosen, "deploy/docs/example.go", false, false},
		{chosen, "deploy/docs", true, false},
		{chosen, ".", true, true},
		{chosen, "functions", true, true},
		{all, "main.py", false, true},
		{all, "bin/app.ts", false, true},
		{all, "bin/cloudfurl", false, false},
		{all, "bin", true, true},
		{all, "node_modules", true, false},
		{all, "web/node_modules", true, false},
		{all, "__pycache__", true, false},
		{all, "venv", true, false},
		{all, "cdk.out", true, false},
		{all, "cdk.out.staging", true, false},
		{all, ".git", true, false},
		{all, ".main.go.swp", false, false},
		{all, "app/.dockerignore", false, true},
		{all, "app/.npmrc", false, true},
		{all, "app/.env", false, false},
		{all, ".dockerignore", true, false},
		{chosen, "app/.dockerignore", false, false},
		{all, "main.go~", false, false},
		{all, "run.log", false, false},
		{all, "#main.go#", false, false},
		{all, "main_test.go", false, false},
		{all, "main.go.tmp", false, false},
		{all, ".idea", true, false},
	}
	for _, test := range tests {
		if got := test.of.keep(filepath.Join(root, test.path), test.isDir); got != test.want {
			t.Errorf("keep(%s, %v): got %v, want %v", test.path, test.isDir, got, test.want)
		}
	}
}

func TestSources_are_above_the_module_where_patterns_are(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "site", "cloudfurl")
	write(t, dir, "go.mod", "module cdkapp\n", "cdk.json", "{}")
	if s := newSources(dir, read(t, "**"), nil); s.root != dir {
		t.Errorf("got root %s, want the module's", s.root)
	}
	s := newSources(dir, read(t, "**", "../**"), read(t, "../dist"))
	if want := filepath.Dir(dir); s.root != want {
		t.Errorf("got root %s, want %s", s.root, want)
	}
	for file, want := range map[string]bool{
		"site/app.py": true, "site/templates/a.html": true, "site/cloudfurl/main.go": true,
		"site/dist": false, "site/cloudfurl/cdk.out": false, "site/.git": false,
	} {
		if got := s.keep(filepath.Join(root, file), filepath.Ext(file) == ""); got != want {
			t.Errorf("keep(%s): got %v, want %v", file, got, want)
		}
	}
}
