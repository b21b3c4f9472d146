package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A requirementLine is a line of a requirements file.
type requirementLine struct {
	file       string
	number     int // of its last line
	constraint bool
	depth      int

	// text is the line with the values of variables, which may be passwords, and
	// written without them.
	text, written string
}

var (
	comment      = regexp.MustCompile(`(^|\s)#.*$`)
	wholeComment = regexp.MustCompile(`^\s*#`)
	variable     = regexp.MustCompile(`\$\{[A-Z0-9_]+\}`)

	// option matches an option with one value or none, hashes those at the end of a
	// requirement.
	option = regexp.MustCompile(`^(--[a-z-]+|-[a-z])[\s=]*((?:[^\s-]\S*)?)$`)
	hashes = regexp.MustCompile(`(\s+--hash[=\s]\s*\w+:\w+)+$`)

	// requirementName matches the name of a package with its version or reference.
	requirementName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*((?:[=<>!~(;@].*)?)$`)
	nameSeparators  = regexp.MustCompile(`[-_.]+`)

	// archive matches names that are files, wheelName those of wheels, on this machine or
	// another one.
	archive   = regexp.MustCompile(`\.(?:whl|zip|tgz|tbz|txz|tar(?:\.\w+)?)$`)
	wheelName = regexp.MustCompile(`^(?:(?:https?|file)://\S*|[^\s:]*)\.whl(?:[#;?]\S*)?$`)
)

// problem returns an error about the line.
func (l requirementLine) problem(text string) error {
	return fmt.Errorf("%s:%d has %q, %s", l.file, l.number, l.written, text)
}

// fromSource is the problem of a package that would be built.
const fromSource = "which is neither a version of a package nor a wheel, and nothing is built for another machine: " +
	"write name==version, name a wheel, such as one by pip wheel, put its modules into the app, or use ImageHandler"

// add adds what a line requires. It fails for lines that change what is installed for
// the function's machine, since options of a file override those of the command line,
// and for those that uv and pip could understand in another way.
func (r *requirements) add(l requirementLine) error {
	l.written = strings.TrimSpace(comment.ReplaceAllString(l.text, ""))
	l.text = variable.ReplaceAllStringFunc(l.written, os.ExpandEnv)
	switch {
	case l.text == "":
		return nil
	case strings.ContainsFunc(l.text, isSeparator):
		return l.problem("with a character that isn't UTF-8, or isn't printed: save the file as UTF-8 without it")
	case strings.HasPrefix(l.text, "-"):
		return r.addOption(l)
	}
	return r.addRequirement(l)
}

// isSeparator reports whether Python may end a line at a character, take it for a
// space, or not read it.
func isSeparator(c rune) bool {
	return c == utf8.RuneError || c != ' ' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Z, c))
}

func (r *requirements) addOption(l requirementLine) error {
	match := option.FindStringSubmatch(l.text)
	if match == nil {
		return l.problem("which isn't an option with one value: write one option a line")
	}
	name, value := match[1], match[2]
	beside, isURL := value, strings.Contains(value, "://")
	if !isURL && !filepath.IsAbs(value) {
		beside = filepath.Join(filepath.Dir(l.file), value)
	}
	switch name {
	case "-r", "--requirement", "-c", "--constraint":
		if isURL {
			return l.problem("which isn't a file of this machine: download it into the app")
		}
		return r.read(beside, l.constraint || strings.Contains(name, "-c"), l.depth+1)
	case "-i", "--index-url", "--extra-index-url":
		r.lines = append(r.lines, name+" "+value)
	case "-f", "--find-links":
		r.local = r.local || !isURL || strings.HasPrefix(value, "file:")
		r.lines = append(r.lines, name+" "+beside)
	case "--only-binary", "--prefer-binary":
		// They ask for what is done anyway.
	case "-e", "--editable":
		return l.problem(fromSource)
	case "--no-index", "--require-hashes":
		if value == "" {
			r.lines = append(r.lines, name)
			return nil
		}
		fallthrough
	default:
		return l.problem("which could install code for another machine than the function's, or run code of packages: remove the line")
	}
	return nil
}

// addRequirement adds a package. Those of constraints aren't required.
func (r *requirements) addRequirement(l requirementLine) error {
	text := hashes.ReplaceAllString(l.text, "")
	if strings.Contains(strings.ReplaceAll(text, "\t", " "), " -") {
		return l.problem("whose option isn't --hash: remove it")
	}
	name, pinned, reference := "", true, text
	if match := requirementName.FindStringSubmatch(text); match != nil && !archive.MatchString(match[1]) {
		var named bool
		name = packageName(match[1])
		if reference, named = strings.CutPrefix(match[2], "@"); !named {
			reference, pinned = "", isPinned(match[2])
		}
	}
	if fields := strings.Fields(reference); len(fields) > 0 {
		if !wheelName.MatchString(fields[0]) {
			return l.problem(fromSource)
		}
		r.local = r.local || !strings.HasPrefix(fields[0], "http")
	}
	if name != "" && pinned {
		r.pinned = append(r.pinned, name)
	}
	if l.constraint {
		r.constraints = append(r.constraints, l.text)
		return nil
	}
	if name != "" {
		r.packages = append(r.packages, name)
	}
	r.lines, r.required = append(r.lines, l.text), true
	return nil
}

// isPinned reports whether what follows a package's name allows one version only.
func isPinned(specifier string) bool {
	specifier, _, _ = strings.Cut(specifier, ";")
	return strings.HasPrefix(specifier, "==") && !strings.Contains(specifier, "*")
}

// packageName returns a package's name as uv and pip compare it.
//
// See: https://packaging.python.org/en/latest/specifications/name-normalization/
func packageName(name string) string {
	return strings.ToLower(nameSeparators.ReplaceAllString(name, "-"))
}
