package publish

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files are what the patterns of the tests select from.
var files = []string{"a.txt", "b.md", "docs/a.md", "docs/keep.md", "docs/sub/c.txt", "sub/docs/d.md", "x{1}/y.js", "x[1]/y.js", "deep/a/b/c.js", ".hidden/e.txt"}

var lines = [][]string{
	{"docs"}, {"docs/"}, {"/docs"}, {"docs/*", "!docs/keep.md"}, {"docs", "!docs/keep.md"}, {"docs/**", "!docs/keep.md"}, {"**/docs"}, {"*.md"}, {"/*.md"},
	{"*", "!*.md"}, {"/*", "!/docs"}, {"docs/sub"}, {"deep/**/c.js"}, {"deep/*/c.js"}, {"**/b/**"}, {"x{1}"}, {`x\[1\]`}, {"x[[]1]"}, {"[ab].*"}, {"[!a].*"}, {"?.txt"},
	{"# docs", "", "a.txt  "}, {`\#a`, `\!b`}, {"a.txt/"}, {".hidden"}, {"docs", "!docs"}, {"d*", "!deep"},
}

// selectedBy returns the files that patterns leave.
func selectedBy(t *testing.T, exclude []string) []string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		write(t, dir, name, "")
	}
	names, _ := selected(t, dir, Rules{Exclude: exclude})
	return names
}

func TestPatterns_exclude_what_git_ignores(t *testing.T) {
	if _, err := exec.LookPath("git"); errors.Is(err, exec.ErrNotFound) {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	for _, name := range files {
		write(t, dir, name, "")
	}
	git := func(arguments ...string) string {
		output, err := exec.Command("git", append([]string{"-C", dir}, arguments...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, output)
		}
		return string(output)
	}
	git("init", "--quiet")
	for _, exclude := range lines {
		t.Run(strings.Join(exclude, " "), func(t *testing.T) {
			ignore := filepath.Join(t.TempDir(), "ignore")
			write(t, filepath.Dir(ignore), "ignore", strings.Join(exclude, "\n")+"\n")
			want := strings.Split(strings.Trim(git("-c", "core.quotePath=false", "ls-files", "-z", "--others", "--exclude-from="+ignore), "\x00"), "\x00")
			slices.Sort(want)
			if got := selectedBy(t, exclude); strings.Join(got, " ") != strings.TrimSpace(strings.Join(want, " ")) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestPatterns_that_are_none_fail(t *testing.T) {
	_, err := Select(t.TempDir(), Rules{Exclude: []string{"a", "docs/[a"}})
	if err == nil || !strings.Contains(err.Error(), `Exclude has "docs/[a", which isn't a pattern`) {
		t.Errorf("got error %v", err)
	}
}
