package test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
	for _, source := range read(t, "../examples/*/*.go", "../examples/*/*/*.go", "../test/frameworks/*.go", "../test/frameworks/apps/*/*.go", "../infra/example*_test.go", "../infra/*/example*_test.go", "../client/example*_test.go", "../functions/*/example*_test.go") {
		compiled.WriteString(source)
	}
	block := regexp.MustCompile("(?s)```go\n(.*?)```")
	for path, page := range read(t, "../*.md", "../docs/*.md") {
		for _, code := range block.FindAllStringSubmatch(page, -1) {
			if !strings.Contains(compiled.String(), strings.TrimSpace(code[1])) {
				t.Errorf("%s shows code that is neither in examples nor test/frameworks nor in an example of infra, client or functions:\n%s", path, code[1])
			}
		}
	}
}

func TestDocs_link_to_what_exists(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for path, page := range read(t, "../*.md", "../docs/*.md", "../examples/*.md", "../examples/*/*.md") {
		for _, target := range link.FindAllStringSubmatch(page, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target[1])); err != nil {
				t.Errorf("%s links to %s: %v", path, target[1], err)
			}
		}
	}
}

func TestArchitecture_shows_the_rooms_of_internal_local(t *testing.T) {
	page := read(t, "../ARCHITECTURE.md")["../ARCHITECTURE.md"]
	var leaves []string
	for _, layer := range rooms {
		for name, imports := range layer {
			if len(imports) == 0 {
				leaves = append(leaves, name)
				continue
			}
			if row := fmt.Sprintf("| `%s` | `%s` |", cmp.Or(name, "local"), strings.Join(imports, "`, `")); !strings.Contains(page, row) {
				t.Errorf("ARCHITECTURE.md has no row %s", row)
			}
		}
	}
	slices.Sort(leaves)
	if row := fmt.Sprintf("| `%s` | nothing |", strings.Join(leaves, "`, `")); !strings.Contains(page, row) {
		t.Errorf("ARCHITECTURE.md has no row %s", row)
	}
}

func TestDocs_name_files_that_exist(t *testing.T) {
	file := regexp.MustCompile("`((?:internal|infra|test|cmd|edge|examples|functions|client)/[\\w./*-]+)`")
	for path, page := range read(t, "../*.md", "../docs/*.md") {
		for _, name := range file.FindAllStringSubmatch(page, -1) {
			if found, err := filepath.Glob("../" + name[1]); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which doesn't exist", path, name[1])
			}
		}
	}
}
