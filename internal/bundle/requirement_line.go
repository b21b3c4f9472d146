package bundle

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
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

	// option matches an option with one value or none.
	option = regexp.MustCompile(`^(--[a-z-]+|-[a-z])[\s=]*((?:[^\s-]\S*)?)$`)

	// hashes matches the end of a line with hashes.
	hashes = regexp.MustCompile(`(\s+--hash[=\s]\s*\w+:\w+)+$`)

	// requirementName matches the name of a package and its version.
	requirementName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*((?:[=<>!~(;].*)?)$`)
	nameSeparators  = regexp.MustCompile(`[-_.]+`)

	// A reference to a package that isn't a name in the index: a path, a URL, or a
	// name with one of them.
	namedReference = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*@\s*(\S+)(.*)$`)
	reference      = regexp.MustCompile(`^(\.\S*|/\S*|file:\S+|[\w+]+://\S+|[^\s;=<>]*/\S*|\S+\.(?:whl|zip|tgz|tbz|txz|tar(?:\.\w+)?))(\s.*)?$`)
	wheelURL       = regexp.MustCompile(`^(?:https?|file)://`)
)

// problem returns an error about the line.
func (l requirementLine) problem(format string, arguments ...any) error {
	return fmt.Errorf("%s:%d has %q, %s", l.file, l.number, l.written, fmt.Sprintf(format, arguments...))
}

// add adds what a line requires. It fails for lines that change what is installed for
// the function's machine, since options of a file override those of the command line,
// and for those that uv and pip could understand in another way.
func (r *requirements) add(l requirementLine) error {
	l.written = strings.TrimSpace(comment.ReplaceAllString(l.text, ""))
	l.text = variable.ReplaceAllStringFunc(l.written, func(name string) string {
		if value, ok := os.LookupEnv(name[2 : len(name)-1]); ok {
			return value
		}
		return name
	})
	switch {
	case l.text == "":
		return nil
	case strings.ContainsFunc(l.text, isSeparator):
		return l.problem("with a character that isn't printed: remove it")
	case strings.HasPrefix(l.text, "-"):
		return r.addOption(l)
	}
	return r.addRequirement(l)
}

// isSeparator reports whether Python may end a line at a character, or take it for
// a space.
func isSeparator(c rune) bool {
	return c != ' ' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Z, c))
}

func (r *requirements) addOption(l requirementLine) error {
	match := option.FindStringSubmatch(l.text)
	if match == nil {
		return l.problem("which isn't an option with one value: write one option a line")
	}
	name, value := match[1], match[2]
	switch {
	case name == "-r", name == "--requirement":
		return r.refer(l, value, l.constraint)
	case name == "-c", name == "--constraint":
		return r.refer(l, value, true)
	case name == "-i", name == "--index-url", name == "--extra-index-url":
		r.lines = append(r.lines, name+" "+value)
	case name == "-f", name == "--find-links":
		r.lines = append(r.lines, "--find-links "+r.links(l, value))
	case value == "" && (name == "--no-index" || name == "--require-hashes"):
		r.lines = append(r.lines, name)
	case name == "--only-binary", name == "--prefer-binary":
		// They ask for what is done anyway.
	case name == "-e", name == "--editable":
		return r.fromSource(l)
	default:
		return l.problem("which could install code for another machine than the function's, or run code of packages: remove the line")
	}
	return nil
}

// links returns where packages are found besides the index.
func (r *requirements) links(l requirementLine, place string) string {
	if strings.Contains(place, "://") && !strings.HasPrefix(place, "file:") {
		return place
	}
	r.local = true
	if beside := besides(l.file, place); isThere(beside) {
		return beside
	}
	return r.absolute(place)
}

// refer reads a file that a line refers to.
func (r *requirements) refer(l requirementLine, name string, constraint bool) error {
	if name == "" || strings.Contains(name, "://") {
		return l.problem("which isn't a file of this machine: download it into %s", r.dir)
	}
	return r.read(besides(l.file, name), constraint, l.depth+1)
}

// besides returns the path of a file that another one names.
func besides(file, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// absolute returns a path of a line, which is relative to the app's directory.
func (r *requirements) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.dir, path)
}

// addRequirement adds a package. Those of constraints aren't required.
func (r *requirements) addRequirement(l requirementLine) error {
	text := hashes.ReplaceAllString(l.text, "")
	hash := l.text[len(text):]
	if strings.Contains(text, " -") || strings.Contains(text, "\t-") {
		return l.problem("whose option isn't --hash: remove it")
	}
	name, pinned := "", true
	if match := namedReference.FindStringSubmatch(text); match != nil {
		wheel, err := r.wheel(l, match[3])
		if err != nil {
			return err
		}
		name, text = match[1], match[1]+match[2]+" @ "+wheel+match[4]
	} else if match := reference.FindStringSubmatch(text); match != nil {
		wheel, err := r.wheel(l, match[1])
		if err != nil {
			return err
		}
		text = wheel + match[2]
	} else if match := requirementName.FindStringSubmatch(text); match != nil {
		name, pinned = match[1], isPinned(match[2])
	} else {
		return l.problem("which isn't a requirement: write it as name==version")
	}
	lines := &r.lines
	if l.constraint {
		lines = &r.constraints
	}
	*lines = append(*lines, text+hash)
	r.required = r.required || !l.constraint
	if name = packageName(name); name != "" && pinned {
		r.pinned = append(r.pinned, name)
	}
	if name != "" && !l.constraint {
		r.packages = append(r.packages, name)
	}
	return nil
}

// wheel returns the URL of a wheel that a line refers to.
func (r *requirements) wheel(l requirementLine, reference string) (string, error) {
	path := reference
	if i := strings.IndexAny(path, "#;?"); i >= 0 {
		path = path[:i]
	}
	if !strings.HasSuffix(path, ".whl") {
		return "", r.fromSource(l)
	}
	if strings.Contains(reference, ":") && !wheelURL.MatchString(reference) && !filepath.IsAbs(reference) {
		return "", r.fromSource(l)
	}
	if !strings.Contains(reference, "://") {
		file := filepath.ToSlash(r.absolute(path))
		reference = (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(file, "/")}).String() + reference[len(path):]
	}
	r.local = r.local || strings.HasPrefix(reference, "file:")
	return reference, nil
}

// fromSource says that a package would be built.
func (r *requirements) fromSource(l requirementLine) error {
	return l.problem("which isn't a wheel, so it would be built for this machine: give a version of the package index or a wheel, "+
		"such as one by pip wheel, put its modules into %s, or use ImageHandler", r.dir)
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
