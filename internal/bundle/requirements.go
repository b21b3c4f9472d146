package bundle

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
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
	// uv and pip run in it.
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if exists(dir, requirementsFile) {
		r := newRequirements(p, dir, requirementsFile)
		if err := r.read(filepath.Join(dir, requirementsFile), false, 0); err != nil {
			return nil, err
		}
		if !r.required {
			return nil, nil
		}
		return r, nil
	}
	if !exists(dir, projectFile) {
		return nil, nil
	}
	if exists(dir, uvLockFile) {
		return newRequirements(p, dir, uvLockFile), nil
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

// A requirements is the packages of a requirements.txt, or of what uv exports. It
// collects the lines of all files, so that uv and pip read what was judged here, and
// nothing else.
//
// See: https://pip.pypa.io/en/stable/reference/requirements-file-format/
type requirements struct {
	python *Python

	// dir is the app's directory, name that of the first file.
	dir, name string

	// lines and constraints are the lines of the files. Paths in them are relative to
	// the app's directory.
	lines, constraints []string

	// packages and pinned are the names in the files: all, and those with a
	// version.
	packages, pinned []string

	// required is whether there are packages, local whether they may come from files,
	// which may change.
	required, local bool

	// uv returns the uv of this machine, or why it has no uv.
	uv func() (uvProgram, error)
}

func newRequirements(p *Python, dir, name string) *requirements {
	return &requirements{python: p, dir: dir, name: name, uv: sync.OnceValues(findUV)}
}

// maxDepth is how deep files may refer to others.
const maxDepth = 10

// read reads a file and those that it refers to.
func (r *requirements) read(file string, constraint bool, depth int) error {
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
	return r.readText(file, string(text), constraint, depth)
}

// readText reads the text of a file.
func (r *requirements) readText(file, text string, constraint bool, depth int) error {
	joined, number := "", 0
	for line := range strings.Lines(text + "\n") {
		number++
		line = strings.TrimRight(line, "\r\n")
		if wholeComment.MatchString(line) {
			line = " # a comment, which doesn't continue"
		}
		if part, continues := strings.CutSuffix(line, `\`); continues {
			joined += part
			continue
		}
		l := requirementLine{file: file, number: number, text: joined + line, constraint: constraint, depth: depth}
		if err := r.add(l); err != nil {
			return err
		}
		joined = ""
	}
	return nil
}

// unpinned returns the packages without a version: those of the files, and those
// that are installed.
func (r *requirements) unpinned(installed []string) []string {
	var names []string
	for _, name := range slices.Concat(r.packages, installed) {
		if !slices.Contains(r.pinned, name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// key returns what determines what uv installs: pip has settings and versions that
// aren't known here.
func (r *requirements) key() (string, error) {
	if err := r.export(); err != nil {
		return "", err
	}
	uv, err := r.uv()
	if err != nil || r.local {
		return "", nil
	}
	settings, known, err := uvSettings(r.dir)
	if err != nil || !known {
		return "", err
	}
	data, err := json.Marshal([]any{uv.version, r.python, r.python.machine(), r.lines, r.constraints, settings})
	return string(data), err
}

// install writes what was read beside target, and installs it.
func (r *requirements) install(target string) error {
	if err := r.export(); err != nil || !r.required {
		return err
	}
	target, err := filepath.Abs(target)
	if err != nil {
		return err
	}
	arguments := []string{"--target", target}
	for option, lines := range map[string][]string{"--requirement": r.lines, "--constraint": r.constraints} {
		file := filepath.Join(filepath.Dir(target), option[len("--"):]+"s.txt")
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), plain); err != nil {
			return err
		}
		if len(lines) > 0 {
			arguments = append(arguments, option, file)
		}
	}
	if uv, noUV := r.uv(); noUV == nil {
		err = r.installByUV(uv, arguments)
	} else {
		err = r.installByPip(noUV, arguments)
	}
	if err != nil {
		return err
	}
	return normalize(target)
}
