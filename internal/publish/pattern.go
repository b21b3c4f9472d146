package publish

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A Mode is the syntax of Exclude, by CDK's names.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.IgnoreMode.html
type Mode string

const (
	// Git is the syntax of .gitignore, and the default.
	Git Mode = "GIT"

	// Docker is the syntax of .dockerignore: patterns begin at the directory, and
	// one that begins with "!" includes files below an excluded directory, too.
	Docker Mode = "DOCKER"

	// Glob is Git's with alternatives in braces.
	Glob Mode = "GLOB"
)

// A verdict is what patterns say about a path.
type verdict int

const (
	unnamed verdict = iota
	excluded
	included
)

// patterns are lines of Exclude, the last of which that matches decides.
type patterns struct {
	mode Mode
	list []pattern
}

type pattern struct {
	glob    string
	says    verdict
	onlyDir bool
}

// parsePatterns returns the patterns of some lines.
//
// See: https://git-scm.com/docs/gitignore#_pattern_format
// See: https://docs.docker.com/build/concepts/context/#dockerignore-files
func parsePatterns(lines []string, mode Mode) (patterns, error) {
	parsed := patterns{mode: mode}
	for _, line := range lines {
		text := strings.TrimRight(line, " \t\r")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		p := pattern{says: excluded}
		if rest, ok := strings.CutPrefix(text, "!"); ok {
			p.says, text = included, rest
		}
		p.glob, p.onlyDir = globOf(text, mode)
		if !doublestar.ValidatePattern(p.glob) {
			return parsed, fmt.Errorf("Exclude has %q, which isn't a pattern: close its bracket, or write a backslash before it", line)
		}
		parsed.list = append(parsed.list, p)
	}
	return parsed, nil
}

// globOf returns a pattern in the syntax of doublestar, and whether it matches
// directories only.
func globOf(text string, mode Mode) (glob string, onlyDir bool) {
	glob, onlyDir = strings.CutSuffix(text, "/")
	if mode == Docker {
		glob, onlyDir = strings.TrimPrefix(path.Clean("/"+text), "/"), false
	} else if !strings.Contains(glob, "/") {
		glob = "**/" + glob
	}
	if mode != Glob {
		glob = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(glob)
	}
	// What is below a directory, and not the directory itself.
	if strings.HasSuffix(glob, "/**") {
		glob += "/*"
	}
	return strings.TrimPrefix(glob, "/"), onlyDir
}

// judge returns what the patterns say about a path below the directory.
func (p patterns) judge(name string, isDir bool) verdict {
	for _, pattern := range slices.Backward(p.list) {
		if pattern.matches(name, isDir) || p.mode == Docker && pattern.matchesAbove(name) {
			return pattern.says
		}
	}
	return unnamed
}

func (p pattern) matches(name string, isDir bool) bool {
	return (isDir || !p.onlyDir) && doublestar.MatchUnvalidated(p.glob, name)
}

func (p pattern) matchesAbove(name string) bool {
	for above := path.Dir(name); above != "."; above = path.Dir(above) {
		if p.matches(above, true) {
			return true
		}
	}
	return false
}

// reopens reports whether files below an excluded directory may be included.
func (p patterns) reopens() bool {
	return p.mode == Docker && slices.ContainsFunc(p.list, func(p pattern) bool { return p.says == included })
}

// Including returns the line of Exclude that includes exactly a path.
func Including(name string) string {
	return "!/" + strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`).Replace(name)
}
