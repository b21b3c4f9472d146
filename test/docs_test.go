package test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// indentation is what gofmt puts in front of a line.
var indentation = regexp.MustCompile(`(?m)^\t+`)

// read returns the content of the files that patterns match, without
// indentation.
func read(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: got files %v (%v), want some", pattern, paths, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			contents[path] = indentation.ReplaceAllString(string(data), "")
		}
	}
	return contents
}

func TestDocs_show_code_that_is_compiled(t *testing.T) {
	var compiled strings.Builder
	for _, source := range read(t, "../examples/*/*.go", "../examples/*/*/*.go", "../infra/example*_test.go") {
		compiled.WriteString(source)
	}
	block := regexp.MustCompile("(?s)```go\n(.*?)```")
	for path, page := range read(t, "../*.md", "../docs/*.md") {
		for _, code := range block.FindAllStringSubmatch(page, -1) {
			if !strings.Contains(compiled.String(), strings.TrimSpace(code[1])) {
				t.Errorf("%s shows code that is neither in examples nor in an example of infra:\n%s", path, code[1])
			}
		}
	}
}

func TestDocs_link_to_what_exists(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for path, page := range read(t, "../*.md", "../docs/*.md", "../examples/*/*.md") {
		for _, target := range link.FindAllStringSubmatch(page, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target[1])); err != nil {
				t.Errorf("%s links to %s: %v", path, target[1], err)
			}
		}
	}
}
