package publish

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A verdict is what patterns say about a path.
type verdict int

const (
	unnamed verdict = iota
	excluded
	included
)

// patterns are lines of Exclude in the syntax of .gitignore, the last of which that
// matches decides.
type patterns []pattern

type pattern struct {
	glob    string
	says    verdict
	onlyDir bool
}

// parsePatterns returns the patterns of some lines.
//
// See: https://git-scm.com/docs/gitignore#_pattern_format
func parsePatterns(lines []string) (parsed patterns, err error) {
	for _, line := range lines {
		text := strings.TrimRight(line, " \t\r")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		p := pattern{says: excluded}
		if rest, ok := strings.CutPrefix(text, "!"); ok {
			p.says, text = included, rest
		}
		p.glob, p.onlyDir = globOf(text)
		if !doublestar.ValidatePattern(p.glob) {
			return parsed, fmt.Errorf("Exclude has %q, which isn't a pattern: close its bracket, or write a backslash before it", line)
		}
		parsed = append(parsed, p)
	}
	return parsed, nil
}

// globOf returns a pattern in the syntax of doublestar, and whether it matches
// directories only.
func globOf(text string) (glob string, onlyDir bool) {
	glob, onlyDir = strings.CutSuffix(text, "/")
	if !strings.Contains(glob, "/") {
		glob = "**/" + glob
	}
	glob = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(glob)
	// What is below a directory, and not the directory itself.
	if strings.HasSuffix(glob, "/**") {
		glob += "/*"
	}
	return strings.TrimPrefix(glob, "/"), onlyDir
}

// judge returns what the patterns say about a path below the directory.
func (p patterns) judge(name string, isDir bool) verdict {
	for _, pattern := range slices.Backward(p) {
		if (isDir || !pattern.onlyDir) && doublestar.MatchUnvalidated(pattern.glob, name) {
			return pattern.says
		}
	}
	return unnamed
}

// Including returns the line of Exclude that includes exactly a path.
func Including(name string) string {
	return "!/" + strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`).Replace(name)
}
