package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The files that name an app's packages.
const (
	requirementsFile = "requirements.txt"
	projectFile      = "pyproject.toml"
	uvLockFile       = "uv.lock"
)

// projectDependencies matches a pyproject.toml that has dependencies, rather than
// the settings of tools only. A package manager reads the file itself.
var projectDependencies = regexp.MustCompile(`(?m)^\s*(dependencies|optional-dependencies)\s*=|^\[tool\.poetry\.dependencies\]`)

// dependencies returns the packages that the files of an app's directory name.
func (p *Python) dependencies(dir string) (dependencies, error) {
	if exists(dir, requirementsFile) {
		r := &requirements{python: p, dir: dir, file: filepath.Join(dir, requirementsFile)}
		if err := r.read(r.file, 0); err != nil {
			return nil, err
		}
		if r.empty {
			return nil, nil
		}
		return r, nil
	}
	if !exists(dir, projectFile) {
		return nil, nil
	}
	if exists(dir, uvLockFile) {
		return &uvProject{python: p, dir: dir}, nil
	}
	project, err := os.ReadFile(filepath.Join(dir, projectFile))
	if err != nil {
		return nil, err
	}
	if projectDependencies.Match(project) {
		return nil, fmt.Errorf("%s has a %s and neither %s nor %s: lock its dependencies by uv lock, or write them to %s",
			dir, projectFile, uvLockFile, requirementsFile, requirementsFile)
	}
	return nil, nil
}

// A requirements is the packages of a requirements.txt.
//
// See: https://pip.pypa.io/en/stable/reference/requirements-file-format/
type requirements struct {
	python    *Python
	dir, file string

	// text is the text of all files, and the state of those that find-links names.
	text strings.Builder

	// packages and pinned are the names in the files: all, and those with a
	// version.
	packages, pinned []string

	// local is whether a requirement is a file or a directory, unknown whether a
	// line is one that only pip can judge.
	local, unknown bool
	empty          bool
}

var (
	// requirementName matches the name of a package at the beginning of a line.
	requirementName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(.*)$`)
	requirementFile = regexp.MustCompile(`^(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)$`)
	constraintFile  = regexp.MustCompile(`^(?:-c|--constraint)`)
	findLinks       = regexp.MustCompile(`^(?:-f|--find-links)`)
	comment         = regexp.MustCompile(`(^|\s)#.*$`)
	nameSeparators  = regexp.MustCompile(`[-_.]+`)
)

// maxDepth is how deep files may refer to others.
const maxDepth = 10

// read reads a file and those that it refers to.
func (r *requirements) read(file string, depth int) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("couldn't read the requirements of %s: %w", r.dir, err)
	}
	if depth > maxDepth {
		return fmt.Errorf("%s refers to itself, or to files more than %d deep: remove the reference", file, maxDepth)
	}
	text, err := decode(data)
	if err != nil {
		return fmt.Errorf("%s %w", file, err)
	}
	fmt.Fprintf(&r.text, "%s\n%s\n", r.below(file), text)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(comment.ReplaceAllString(strings.TrimSpace(line), ""))
		if referred := requirementFile.FindStringSubmatch(line); referred != nil && !strings.Contains(referred[1], "://") {
			if err := r.readReferred(file, line, referred[1], depth); err != nil {
				return err
			}
			continue
		}
		if findLinks.MatchString(line) {
			named := slices.Concat(namedFiles(filepath.Dir(file), line), namedFiles(r.dir, line))
			fmt.Fprintf(&r.text, "%s\n", strings.Join(named, "\n"))
			continue
		}
		if err := r.add(line); err != nil {
			return err
		}
	}
	r.empty = len(r.packages) == 0 && !r.local && !r.unknown
	return nil
}

// readReferred reads a file that a line of another refers to. Packages of
// constraints aren't required.
func (r *requirements) readReferred(file, line, name string, depth int) error {
	required := slices.Clone(r.packages)
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(file), name)
	}
	if r.below(name) == "" {
		r.local = true
		return nil
	}
	if err := r.read(name, depth+1); err != nil {
		return err
	}
	if constraintFile.MatchString(line) {
		r.packages = required
	}
	return nil
}

// below returns the path of a file within the app's directory, or "" if it is
// elsewhere.
func (r *requirements) below(file string) string {
	relative, err := filepath.Rel(r.dir, file)
	if err != nil || !filepath.IsLocal(relative) {
		return ""
	}
	return filepath.ToSlash(relative)
}

// A reference to a package that isn't a name in the index: a path, a URL, or a name
// with one of them.
var (
	namedReference = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*@\s*(\S+)`)
	editable       = regexp.MustCompile(`^(?:-e|--editable)[\s=]*`)
	isReference    = regexp.MustCompile(`^(?:\.|/|file:|[\w+]+://)|^[^\s;=<>]*/`)
)

// add adds the package of a line.
func (r *requirements) add(line string) error {
	reference := ""
	switch named := namedReference.FindStringSubmatch(line); {
	case line == "":
		return nil
	case named != nil:
		name := packageName(named[1])
		r.packages, r.pinned = append(r.packages, name), append(r.pinned, name)
		reference = named[2]
	case editable.MatchString(line):
		return r.fromSource(line)
	case isReference.MatchString(line), strings.HasSuffix(line, ".whl"):
		reference, _, _ = strings.Cut(line, " ")
	case strings.HasPrefix(line, "-"):
		return nil
	default:
		r.addName(line)
		return nil
	}
	if r.local = r.local || !strings.Contains(reference, "://") || strings.HasPrefix(reference, "file:"); strings.HasSuffix(pathOf(reference), ".whl") {
		return nil
	}
	return r.fromSource(line)
}

// addName adds the package of a line with a name.
func (r *requirements) addName(line string) {
	match := requirementName.FindStringSubmatch(line)
	if match == nil {
		r.unknown = true
		return
	}
	name := packageName(match[1])
	r.packages = append(r.packages, name)
	if isPinned(match[3]) {
		r.pinned = append(r.pinned, name)
	}
}

// fromSource says that pip would build a package.
func (r *requirements) fromSource(line string) error {
	return fmt.Errorf("the requirements of %s have %q, which isn't a wheel, so pip would build it for this machine: "+
		"give a version of the package index or a wheel, such as one by pip wheel, put its modules into the app, or use ImageHandler", r.dir, line)
}

// pathOf returns a reference without what follows its path.
func pathOf(reference string) string {
	path, _, _ := strings.Cut(reference, "#")
	path, _, _ = strings.Cut(path, ";")
	path, _, _ = strings.Cut(path, "?")
	return path
}

// isPinned reports whether what follows a package's name allows one version only.
func isPinned(specifier string) bool {
	specifier, _, _ = strings.Cut(specifier, ";")
	return strings.HasPrefix(specifier, "==") && !strings.Contains(specifier, "*")
}

// packageName returns a package's name as pip compares it.
//
// See: https://packaging.python.org/en/latest/specifications/name-normalization/
func packageName(name string) string {
	return strings.ToLower(nameSeparators.ReplaceAllString(name, "-"))
}

func (r *requirements) key() (string, error) {
	if r.local {
		return "", nil
	}
	return pythonKey(r.python, r.dir, r.text.String())
}

func (r *requirements) install(target string) error {
	return r.python.install(r.dir, r.file, target)
}
