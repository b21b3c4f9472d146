package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// british matches words that AWS spells otherwise: behavior, initialize, color. Some
// of its letters are in brackets, so that this file doesn't match.
var british = regexp.MustCompile(`(?i)behavio[u]r|colo[u]r|neighbo[u]r|favo[u]r|hono[u]r|modell[e]d|labell[e]d\b|cancell[e]d|travell[e]d|` +
	`(initial|normal|recogn|serial|optim|organ|summar|custom|author|minim|maxim|util|capital|general|special|central|sanit|token|visual|virtual|real)i[s](e|ed|es|ing|ation)\b|synthesi[s]ed?\b|analy[s]e[sd]?\b`)

// hint is the one word for what to do about an error.
var otherHints = regexp.MustCompile(`(?i)\b(cur[e]s?|remed[y]|remed[i]es)\b`)

func TestSpelling_is_that_of_AWS(t *testing.T) {
	command := exec.Command("git", "ls-files", "-z")
	command.Dir = ".."
	files, err := command.Output()
	if err != nil {
		t.Skipf("needs git and a checkout: %v", err)
	}
	for _, file := range strings.Split(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		switch filepath.Ext(file) {
		case ".go", ".md", ".js", ".mjs", ".mts", ".py", ".sh", ".html", ".txtar":
		default:
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			continue // deleted, and not committed yet
		}
		for i, line := range strings.Split(string(text), "\n") {
			if word := british.FindString(line); word != "" {
				t.Errorf("%s:%d has %q: spell it as AWS does", file, i+1, word)
			}
			if word := otherHints.FindString(line); word != "" && file != "CHANGELOG.md" {
				t.Errorf("%s:%d has %q: the word is hint", file, i+1, word)
			}
		}
	}
}
