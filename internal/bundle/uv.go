package bundle

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// uvVersion is the version of uv that is installed on a machine without one. Tests
// run the same one, by tools/uv.txt.
const uvVersion = "0.13.9"

// A uvProgram is a uv of this machine.
type uvProgram struct {
	path, version string
}

// findUV returns the uv in PATH, or the one in the user's cache, into which pip installs
// it.
func findUV() (uvProgram, error) {
	if version, err := exec.Command("uv", "--version").Output(); err == nil {
		return uvProgram{"uv", string(version)}, nil
	}
	cache, uv := UserCache(), uvProgram{version: uvVersion}
	if cache.Dir == "" {
		return uv, errors.New("uv isn't in PATH, and the user has no cache to install it in: install it from https://docs.astral.sh/uv")
	}
	err := cache.use(pinnedUV{}, func(dir string) error {
		uv.path = filepath.Join(dir, "bin", "uv")
		return nil
	})
	return uv, err
}

// A pinnedUV is uv as dependencies that pip installs.
type pinnedUV struct{}

func (pinnedUV) key() (string, error) { return "uv " + uvVersion, nil }

func (pinnedUV) install(dir string) error {
	command := pip("install", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--target", dir, "uv=="+uvVersion)
	command.Env = append(os.Environ(), "PIP_REQUIRE_VIRTUALENV=false")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("uv isn't in PATH, and pip couldn't install it (%w): install uv from https://docs.astral.sh/uv; "+
			"or python3 with pip, from https://www.python.org or by python3 -m ensurepip, and connect to the network, or set PIP_INDEX_URL to an index that you can reach\n%s", err, output)
	}
	return nil
}

// pip returns a call of this machine's pip.
func pip(arguments ...string) *exec.Cmd {
	return exec.Command("python3", append([]string{"-m", "pip"}, arguments...)...)
}

// command returns a call of uv in a directory.
func (u uvProgram) command(dir string, arguments ...string) *exec.Cmd {
	command := exec.Command(u.path, append(arguments, "--quiet", "--color", "never")...)
	command.Dir = dir
	command.Env = append(os.Environ(), "UV_PYTHON_DOWNLOADS=never", "UV_COMPILE_BYTECODE=0")
	return command
}

// findUV returns the uv of this machine.
func (r *requirements) findUV() (uvProgram, error) {
	uv, err := findUV()
	if err != nil {
		err = fmt.Errorf("installing %s of %s needs uv: %w", r.name, r.dir, err)
	}
	return uv, err
}

// install installs packages for the function's machine.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-pip-install
func (r *requirements) install(target string) error {
	uv, err := r.uv()
	if err != nil {
		return err
	}
	target, err = filepath.Abs(target)
	if err != nil {
		return err
	}
	file := filepath.Join(r.dir, r.name)
	if r.name == uvLockFile {
		file = filepath.Join(filepath.Dir(target), requirementsFile)
		if err := r.export(uv, file); err != nil {
			return err
		}
	}
	selected, err := r.python.uvArguments()
	if err != nil {
		return err
	}
	settings, _, err := uvSettings(r.dir)
	if err != nil {
		return err
	}
	indexes, variables := r.pipIndexes(settings)
	// uv would link files to its cache.
	arguments := slices.Concat([]string{"pip", "install", "--link-mode", "copy", "--target", target, "--requirement", file}, selected, indexes)
	command := uv.command(r.dir, arguments...)
	command.Env = append(command.Env, variables...)
	if output, err := command.CombinedOutput(); err != nil {
		return r.failure(err, string(output))
	}
	return normalize(target)
}

// uvArguments returns the arguments of uv that select wheels.
func (p *Python) uvArguments() ([]string, error) {
	if p.Native {
		python := p.executable()
		if python == "" {
			return nil, p.noPython()
		}
		return []string{"--python", python}, nil
	}
	platform := cpus[p.Architecture] + "-" + p.manylinux()
	// Lambda updates its runtimes to new patch versions, whose number isn't known
	// here: newer than those that packages work around.
	return []string{"--system", "--only-binary", ":all:", "--python-platform", platform, "--python-version", p.Version + ".99"}, nil
}

// export writes the packages of a uv.lock, with their hashes.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-export
func (r *requirements) export(uv uvProgram, file string) error {
	command := uv.command(r.dir, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate", "--format", "requirements-txt")
	var complaint strings.Builder
	command.Stderr = &complaint
	exported, err := command.Output()
	if err != nil {
		return fmt.Errorf("uv couldn't export %s of %s (%w):\n%s", r.name, r.dir, err, complaint.String())
	}
	if err := checkBuilding(filepath.Join(r.dir, r.name)+", as exported", string(exported)); err != nil {
		return err
	}
	return os.WriteFile(file, exported, plain)
}
