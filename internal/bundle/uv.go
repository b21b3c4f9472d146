package bundle

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// uvVersion is the version of uv that is installed on a machine without one. Tests
// run the same one, by tools/uv.txt.
const uvVersion = "0.13.9"

// A uvProgram is a uv of this machine.
type uvProgram struct {
	path, version string
}

const getUV = "install uv from https://docs.astral.sh/uv"

// errUnreachable is why there is no uv without a network.
var errUnreachable = errors.New("couldn't reach the package index to install uv: connect to the network, set PIP_INDEX_URL to an index that you can reach, or " + getUV)

// findUV returns the uv in PATH, or the one in the user's cache, which it installs.
func findUV() (uvProgram, error) {
	if version, err := exec.Command("uv", "--version").Output(); err == nil {
		return uvProgram{"uv", string(version)}, nil
	}
	cache := UserCache()
	if cache.Dir == "" {
		return uvProgram{}, errors.New("uv isn't in PATH, and the user has no cache to install it in: " + getUV)
	}
	// The cache forgets it if nobody uses it.
	dir := filepath.Join(cache.Dir, "uv-"+uvVersion)
	uv := uvProgram{filepath.Join(dir, "bin", "uv"), uvVersion}
	if runtime.GOOS == "windows" {
		uv.path += ".exe"
	}
	if isThere(uv.path) {
		now := time.Now()
		return uv, os.Chtimes(dir, now, now)
	}
	return uv, installUV(dir)
}

// installUV installs uv by pip.
func installUV(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("couldn't make a cache to install uv in: %w", err)
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "uv"+partial)
	if err != nil {
		return fmt.Errorf("couldn't make a directory to install uv in: %w", err)
	}
	defer os.RemoveAll(temp)
	command := pip("install", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--target", temp, "uv=="+uvVersion)
	command.Env = append(os.Environ(), "PIP_REQUIRE_VIRTUALENV=false")
	output, err := command.CombinedOutput()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("there is neither uv nor python3 in PATH: install Python from https://www.python.org")
	case err != nil && strings.Contains(string(output), "No module named pip"):
		return errors.New("there is neither uv in PATH nor pip in python3: " + getUV + ", or pip by python3 -m ensurepip or your system's package python3-pip")
	case err != nil && noConnection.Match(output):
		return fmt.Errorf("%w\n%s", errUnreachable, output)
	case err != nil:
		return fmt.Errorf("uv isn't in PATH, and pip couldn't install it: %s\n%s", getUV, output)
	}
	// If another process was faster, its uv is as good.
	if err := os.Rename(temp, dir); err != nil && !isThere(filepath.Join(dir, "bin")) {
		return fmt.Errorf("couldn't keep uv in the cache: %w", err)
	}
	return nil
}

// pip returns a call of this machine's pip.
func pip(arguments ...string) *exec.Cmd {
	python := "python3"
	if _, err := exec.LookPath(python); err != nil && runtime.GOOS == "windows" {
		python = "python"
	}
	return exec.Command(python, append([]string{"-m", "pip"}, arguments...)...)
}

// command returns a call of uv in a directory.
func (u uvProgram) command(dir string, arguments ...string) *exec.Cmd {
	command := exec.Command(u.path, append(arguments, "--quiet", "--color", "never")...)
	command.Dir = dir
	command.Env = append(os.Environ(), "UV_PYTHON_DOWNLOADS=never")
	return command
}

// installByUV installs packages for the function's machine.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-pip-install
func (r *requirements) installByUV(uv uvProgram, arguments []string) error {
	selected, err := r.python.uvArguments()
	if err != nil {
		return err
	}
	indexes, variables := r.pipIndexes()
	// uv would link files to its cache.
	arguments = slices.Concat([]string{"pip", "install", "--link-mode", "copy"}, arguments, selected, indexes)
	command := uv.command(r.dir, arguments...)
	command.Env = append(command.Env, variables...)
	if output, err := command.CombinedOutput(); err != nil {
		return r.failure("uv", err, string(output))
	}
	return nil
}

// uvArguments returns the arguments of uv that select wheels. uv knows few versions of
// glibc: manylinux_2_17 is the newest one that Amazon Linux 2 runs.
func (p *Python) uvArguments() ([]string, error) {
	if p.Native {
		python := p.executable()
		if python == "" {
			return nil, p.noPython()
		}
		return []string{"--python", python}, nil
	}
	platform := cpus[p.Architecture].wheel + "-manylinux_2_34"
	if p.isOld() {
		platform = cpus[p.Architecture].wheel + "-manylinux_2_17"
	}
	// Lambda updates its runtimes to new patch versions, whose number isn't known
	// here: newer than those that packages work around.
	return []string{"--system", "--only-binary", ":all:", "--python-platform", platform, "--python-version", p.Version + ".99"}, nil
}

// A uvProject is the packages of a pyproject.toml with a uv.lock.
type uvProject struct {
	python *Python
	dir    string

	locked *requirements
}

func (u *uvProject) key() (string, error) {
	r, err := u.export()
	if err != nil {
		return "", err
	}
	return r.key()
}

func (u *uvProject) install(target string) error {
	r, err := u.export()
	if err != nil {
		return err
	}
	return r.install(target)
}

// export returns the locked packages as requirements, with their hashes.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-export
func (u *uvProject) export() (*requirements, error) {
	if u.locked != nil {
		return u.locked, nil
	}
	r := newRequirements(u.python, u.dir, uvLockFile)
	uv, err := r.uv()
	if err != nil {
		return nil, fmt.Errorf("installing %s of %s needs uv, or %s, which uv export writes: %w", uvLockFile, u.dir, requirementsFile, err)
	}
	command := uv.command(u.dir, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate", "--format", "requirements-txt")
	var complaint strings.Builder
	command.Stderr = &complaint
	exported, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("uv couldn't export %s of %s (%w):\n%s", uvLockFile, u.dir, err, complaint.String())
	}
	if err := r.readText(filepath.Join(u.dir, uvLockFile), string(exported), false, 0); err != nil {
		return nil, err
	}
	u.locked = r
	return r, nil
}
