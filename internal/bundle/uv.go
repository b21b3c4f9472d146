package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// A uvProject is the packages of a pyproject.toml with a uv.lock.
type uvProject struct {
	python *Python
	dir    string
}

func (u *uvProject) key() (string, error) {
	var text strings.Builder
	for _, name := range []string{projectFile, uvLockFile} {
		data, err := os.ReadFile(filepath.Join(u.dir, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "%s\n%s\n", name, data)
	}
	// Some say which groups of packages are exported.
	for _, variable := range variables("UV_") {
		fmt.Fprintln(&text, variable)
	}
	return pythonKey(u.python, u.dir, text.String())
}

// install writes the locked packages as requirements, with their hashes, for pip: it
// installs for other machines, whichever tool the app uses.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-export
func (u *uvProject) install(target string) error {
	command := exec.Command("uv", "export", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate", "--quiet",
		"--format", "requirements-txt")
	command.Dir = u.dir
	// What is exported doesn't depend on a Python.
	command.Env = append(os.Environ(), "UV_PYTHON_DOWNLOADS=never")
	var complaint strings.Builder
	command.Stderr = &complaint
	exported, err := command.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("installing %s of %s needs uv, which is not in PATH: install it by python3 -m pip install uv, "+
			"or export the packages by uv export to %s", uvLockFile, u.dir, requirementsFile)
	}
	if err != nil {
		return fmt.Errorf("uv couldn't export %s of %s (%w):\n%s", uvLockFile, u.dir, err, complaint.String())
	}
	file := filepath.Join(filepath.Dir(target), uvLockFile)
	if err := os.WriteFile(file, exported, plain); err != nil {
		return err
	}
	if err := (&requirements{python: u.python, dir: u.dir}).read(file, 0); err != nil {
		return err
	}
	return u.python.install(u.dir, file, target)
}

// pythonKey returns all that determines what pip installs in a directory: the text
// of files, the machine, and pip's settings.
func pythonKey(p *Python, dir, text string) (string, error) {
	machine := ""
	if p.Native {
		machine = runtime.GOOS + "/" + runtime.GOARCH
	}
	data, err := json.Marshal([]any{"pip", p, machine, p.arguments(), pipSettings(dir), text})
	return string(data), err
}
