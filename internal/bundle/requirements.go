package bundle

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
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
	// uv runs in it.
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &requirements{python: p, dir: dir, name: requirementsFile, texts: map[string]string{}}
	r.uv = sync.OnceValues(r.findUV)
	if exists(dir, requirementsFile) {
		if err := r.read(filepath.Join(dir, requirementsFile), false); err != nil || !r.required {
			return nil, err
		}
		return r, nil
	}
	project, err := os.ReadFile(filepath.Join(dir, projectFile))
	if err != nil {
		return nil, ignoreMissing(err)
	}
	if exists(dir, uvLockFile) {
		lock, err := os.ReadFile(filepath.Join(dir, uvLockFile))
		r.name, r.texts[projectFile], r.texts[uvLockFile] = uvLockFile, string(project), string(lock)
		return r, err
	}
	if projectDependencies.Match(project) {
		return nil, fmt.Errorf("%s has a %s and neither %s nor %s: lock its dependencies by uv lock, or write them to %s",
			dir, projectFile, uvLockFile, requirementsFile, requirementsFile)
	}
	return nil, nil
}

// A requirements is the packages of a requirements.txt, or of a uv.lock.
//
// See: https://pip.pypa.io/en/stable/reference/requirements-file-format/
type requirements struct {
	python *Python

	// dir is the app's directory, name that of the first file.
	dir, name string

	// texts are the files, by their paths.
	texts map[string]string

	// required is whether there are packages.
	required bool

	// uv returns the uv of this machine, or why it has no uv.
	uv func() (uvProgram, error)
}

var (
	// building matches a line that makes uv build a package for this machine, whatever its
	// command says.
	//
	// Seen: uv 0.13.9.
	building = regexp.MustCompile(`(?m)^[ \t]*(?:--no-binary|--editable|-e\b).*`)

	// reference matches a line that names another file: one of constraints by -c.
	reference = regexp.MustCompile(`(?m)^[ \t]*(-r|--requirement|-c|--constraint)[ \t=]*([^\s#]+)`)

	// changing matches what names files or variables, which may change.
	changing = regexp.MustCompile(`(?m)find-links|^\s*-f|file:|\.whl|\$\{|^\s*--?[rc]\S*[\s=]*https?:|source = \{ (?:path|directory)`)

	// lineEnds are those of other systems.
	lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
)

// read reads a file and those that it refers to, which uv reads again.
func (r *requirements) read(file string, isConstraint bool) error {
	if _, ok := r.texts[file]; ok {
		return nil
	}
	data, err := os.ReadFile(file)
	if err == nil {
		data, err = decode(data)
	}
	if err != nil {
		return fmt.Errorf("couldn't read the requirements of %s: %w", r.dir, err)
	}
	text := lineEnds.Replace(string(data))
	r.texts[file] = text
	if err := checkBuilding(file, text); err != nil {
		return err
	}
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		if strings.Contains(match[2], "://") {
			r.required = true // uv downloads it
			continue
		}
		if err := r.read(filepath.Join(filepath.Dir(file), match[2]), isConstraint || strings.Contains(match[1], "-c")); err != nil {
			return err
		}
	}
	r.required = r.required || !isConstraint && anyRequirement.MatchString(text)
	return nil
}

// anyRequirement matches a line that isn't empty, a comment or an option.
var anyRequirement = regexp.MustCompile(`(?m)^[ \t]*[^\s#-]`)

// checkBuilding returns an error if a text has a line by which uv would build a package.
func checkBuilding(file, text string) error {
	place := building.FindStringIndex(text)
	if place == nil {
		return nil
	}
	return fmt.Errorf("%s:%d has %q, by which uv would build a package for this machine: remove the line, name a wheel, such as one by pip wheel, or use ImageHandler",
		file, strings.Count(text[:place[0]], "\n")+1, text[place[0]:place[1]])
}

// key returns what determines what uv installs, or "" if that may change.
func (r *requirements) key() (string, error) {
	settings, known, err := uvSettings(r.dir)
	texts := slices.Sorted(maps.Values(r.texts))
	if err != nil || !known || slices.ContainsFunc(texts, changing.MatchString) {
		return "", err
	}
	uv, err := r.uv()
	if err != nil {
		return "", err
	}
	data, err := json.Marshal([]any{uv.version, r.python, r.python.machine(), texts, settings})
	return string(data), err
}

// decode returns the text of a file in UTF-8 without a byte order mark, by which uv
// and npm read it, too. PowerShell of Windows writes UTF-16.
//
// Seen: uv 0.13.9.
func decode(data []byte) ([]byte, error) {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	return text, err
}
